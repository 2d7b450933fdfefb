"""Where parameters are tried: likes held out, and all that rows are made from to find them again.

Which items are candidates at all is chosen here too, since a ground has to be laid out for each
choice: where a catalogue is so large that candidates are few, it decides much.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.evaluate import exam_users, quality_of
from kouling.interest.filter import rows_of
from kouling.interest.gram import spread
from kouling.interest.ground import GroundPlan, Workings, candidates_of, prepare, rank_of
from kouling.interest.likes import LikeMatrix, item_counts
from kouling.interest.model import fading
from kouling.interest.records import ModelKind, Parameters, Quality
from kouling.interest.serving import ExamUsers
from kouling.interest.space import Layout, filter_starts, neutral, parameters_at
from kouling.interest.split import Exam, hold_out

folds_likes = 600_000
"""Few likes are noisy, so up to five parts are held out of them, one after the other.

Chosen, not measured.
"""

folds_max = 5
"""With five tenths instead of three fifths what is chosen for films finds likes that nobody chose
by better: the geometric mean of recall and NDCG .2852 for .2796."""

asked_max = 40_000
"""Users whose held-out likes are looked for at each evaluation; chosen, not measured."""

rarities = (spread, 0.5)
"""Exponents tried where an item's candidates are less than `few` of the catalogue.

With that choice a random fifth of gowalla's training likes is found with .2101/.1480, without it
with .2094/.1474.
"""

few = 1 / 64
"""Chosen, not measured: gowalla's candidates are a 134th of its items."""

few_kept = 100
"""Neighbours of each item by which candidates are compared, as many as a large model keeps."""


class Bench(NamedTuple):
    """An exam with all that rows for it are made from, laid out as `layout` says."""

    workings: Workings
    asked: ExamUsers
    favourites: Array
    masses: dict[Any, float]
    layout: Layout


def quality_on(bench: Bench, parameters: Parameters) -> Quality:
    """Return how well the rows that parameters make find the held-out likes again."""
    rows = rows_of(bench.workings.ground, parameters, bench.masses)
    return quality_of(rows, fading(parameters.fading), bench.favourites, bench.asked)


def benches_of(likes: LikeMatrix, plan: GroundPlan, *, settled: bool) -> list[Bench]:
    """Return a bench for each part that is held out, all with the candidates that promise most.

    Where that is `settled`, the candidates are those that `plan` asks for.
    """
    folds = 1 if likes.ordered else max(1, min(folds_max, folds_likes // max(len(likes), 1)))
    exams = [hold_out(likes, seed=plan.seed, fold=fold) for fold in range(folds)]
    benches = [_bench(exam, plan) for exam in exams]
    if settled or not plan.filter or candidates_of(likes.items) >= few * likes.items:
        return benches
    others = [plan._replace(rarity=rarity) for rarity in rarities[1:]]
    taste = benches[0].workings.taste
    tried = [benches[0], *(_bench(exams[0], other, taste) for other in others)]
    best = max(tried, key=_promise)
    if best is benches[0]:
        return benches
    rest = zip(exams[1:], benches[1:], strict=True)
    plan = plan._replace(rarity=best.layout.rarity)
    return [best, *(_bench(exam, plan, before.workings.taste) for exam, before in rest)]


def _bench(exam: Exam, plan: GroundPlan, taste: Array | None = None) -> Bench:
    workings = prepare(exam.known, plan, taste)
    layout = Layout(rank_of(exam.known), plan.rarity)
    favourites = np.argsort(-item_counts(exam.known), kind="stable").astype(np.int32)
    return Bench(workings, exam_users(exam, asked_max), favourites, {}, layout)


def _promise(bench: Bench) -> float:
    """Return how good the best start of the filter's search is on a bench."""
    starts = [
        parameters_at(neutral | start, ModelKind.filter, bench.layout, keep=few_kept)
        for start in filter_starts
    ]
    return max(quality_on(bench, start).goodness for start in starts)
