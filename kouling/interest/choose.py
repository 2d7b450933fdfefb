"""Likes come in, the parameters that find their held-out part best go out.

Each kind of model is a contender; the best is taken, a simpler one if it is as good within a
thousandth. The number of evaluations is fixed beforehand, so that the choice is the same for the
same likes and seed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import numpy as np

from kouling.interest.bench import Bench, benches_of, folds_max, quality_on
from kouling.interest.evaluate import quality_of
from kouling.interest.gather import no_rows
from kouling.interest.gram import counts, spread, unordered_counts
from kouling.interest.ground import (
    GroundPlan,
    ease_name,
    pairs_max,
    solve_ease,
)
from kouling.interest.likes import LikeMatrix
from kouling.interest.model import fading
from kouling.interest.records import ModelKind, Parameters, Quality
from kouling.interest.search import BestPoint, Point, best_of, climb
from kouling.interest.space import (
    axes_of,
    filter_starts,
    neutral,
    parameters_at,
    point_of,
)
from kouling.interest.split import hold_out, some_users

choice_likes_max = 1_300_000
"""Likes on which parameters are chosen: those of as many users, drawn by lot.

Chosen so that choosing takes some minutes, as it does on two million likes (`deliver_speed`).
"""

evaluations_max, evaluations_min = 300, 80
"""For each kind of model; the more pairs there are to weigh, the fewer.

On gowalla's tails 500 instead of 300 bring .1893/.1341 to .1896/.1346, for two thirds more time.
"""

warm_evaluations_max = 60
"""The same where an earlier fit's parameters are at hand; chosen, not measured."""

as_good = 1e-3
"""Relative difference in goodness that is no reason for a larger or more involved model.

Chosen, not measured: on gowalla, differences under .0005 were taken for noise.
"""

keeps = (100, 200, 400, 800)
kept_max = 12_500_000
"""Neighbours kept of all items together: what a model weighs, and what serving walks.

On a random fifth of citeulike's training likes up to 736 of each item find .2586/.1875, 200 find
.2570/.1866. On gowalla the best 100 lose .3 % of the recall that all have, at a 560th of the time.
"""

fadings = (0.0, 0.35, 0.7, 1.0)
"""Where the search for the fading of likes begins; .65 was good on gowalla's tails."""

first_ridge, ridge_range = 100.0, (1.0, 20_000.0)
"""Where the search for EASE's ridge begins and what it stays in.

Chosen on their own hold-outs were 30 for short videos and 500 for films.
"""


class Options(NamedTuple):
    """What a fit is asked for."""

    kind: ModelKind | None = None
    """The kind of model; None leaves it to the fit."""
    order: bool = True
    """Whether the order of likes may be used, where it is known."""
    seed: int = 1
    warm: Parameters | None = None
    """The parameters of an earlier fit, to begin from."""


class Choice(NamedTuple):
    """What was chosen, how good it was on the held-out likes, and the evaluations it took."""

    parameters: Parameters
    held_out: Quality
    evaluations: int


def choose_parameters(likes: LikeMatrix, options: Options) -> Choice:
    """Return the best parameters of the wanted kind, or of all kinds."""
    ordered = likes.ordered and options.order
    part = some_users(likes, choice_likes_max, seed=options.seed)
    if not len(hold_out(part, seed=options.seed).answers):  # nothing to choose by
        return Choice(Parameters(kind=ModelKind.popularity, keep=1), Quality(recall=0, ndcg=0), 0)
    benches = benches_of(part, _plan(options, ordered), settled=options.warm is not None)
    chooser = Chooser(benches, options, ordered)
    contenders = list(chooser.contenders())
    evaluations = sum(one.evaluations for one in contenders)
    best = max(one.held_out.goodness for one in contenders)
    simplest = next(one for one in contenders if one.held_out.goodness >= best * (1 - as_good))
    return simplest._replace(evaluations=evaluations)


class Chooser:
    """The contenders of one choice, each tried on the same held-out likes."""

    def __init__(self, benches: list[Bench], options: Options, ordered: bool) -> None:
        self.benches, self.options, self.ordered = benches, options, ordered
        self.layout = benches[0].layout
        self.candidates: int = benches[0].workings.ground.pairs.other.shape[1]
        pairs = benches[0].workings.ground.pairs.other.size
        budget = max(evaluations_min, min(evaluations_max, evaluations_max * pairs_max // pairs))
        self.budget = warm_evaluations_max if options.warm else budget

    def contenders(self) -> Iterable[Choice]:
        """Yield the best of each wanted kind, the simplest first."""
        kinds = [self.options.kind] if self.options.kind else list(ModelKind)
        solvable = self.benches[0].workings.gram is not None
        if not self.options.kind or ModelKind.popularity in kinds:
            yield self._popularity()
        ease = self._ease() if solvable and set(kinds) & {ModelKind.ease, ModelKind.blend} else None
        if ease and ModelKind.ease in kinds:
            yield self._finished(ease, ModelKind.ease)
        if not set(kinds) & {ModelKind.filter, ModelKind.blend}:
            return
        filtered = self._filter()
        if ModelKind.filter in kinds or not ease:
            yield self._finished((filtered, 0.0), ModelKind.filter)
        if ease and ModelKind.blend in kinds:
            yield self._finished(self._blend(filtered, ease), ModelKind.blend)

    def goodness(
        self, point: Point, kind: ModelKind, ridge: float = 0.0, folds: int = folds_max
    ) -> float:
        """Return the mean goodness of a point over the held-out parts, or the first of them."""
        keep = self._keep()
        parameters = parameters_at(point, kind, self.layout, keep=keep, ridge=ridge)
        tried = self.benches[:folds]
        return float(np.mean([quality_on(bench, parameters).goodness for bench in tried]))

    def _popularity(self) -> Choice:
        parameters = Parameters(kind=ModelKind.popularity, keep=1)
        bench = self.benches[0]
        rows = no_rows(len(bench.favourites))
        quality = quality_of(rows, fading(0), bench.favourites, bench.asked)
        return Choice(parameters, quality, 1)

    def _filter(self) -> BestPoint:
        warm = self._warm(ModelKind.filter, ModelKind.blend)
        starts = [neutral | one for one in filter_starts] if warm is None else [warm]
        found = best_of(starts, self._goal(ModelKind.filter))
        return self._climbed(self._with_fading(found, ModelKind.filter), ModelKind.filter)

    def _ease(self) -> tuple[BestPoint, float]:
        """Return EASE with the best ridge, by factors of four and then of two around the best.

        One held-out part is enough for that: little depends on it, and each try inverts a matrix.
        """
        point = neutral | {"together": 0.0, "ease": 1.0}
        warm = self.options.warm
        centre = warm.ridge if warm and warm.ridge else first_ridge
        reached: dict[float, float] = {}
        for factor in (4.0, 2.0):
            while True:
                for ridge in (centre / factor, centre, centre * factor):
                    if ridge not in reached and ridge_range[0] <= ridge <= ridge_range[1]:
                        self._solve(ridge, 1)
                        reached[ridge] = self.goodness(point, ModelKind.ease, ridge, 1)
                best = max(reached, key=lambda one: reached[one])
                if best == centre:
                    break
                centre = best
        self._solve(centre)
        found = BestPoint(point, self.goodness(point, ModelKind.ease, centre), len(reached) + 1)
        found = self._with_fading(found, ModelKind.ease, centre)
        return self._climbed(found, ModelKind.ease, centre), centre

    def _blend(self, filtered: BestPoint, ease: tuple[BestPoint, float]) -> tuple[BestPoint, float]:
        alone, ridge = ease
        names = ("ease_liker", "ease_target")
        shape = {name: alone.point[name] for name in names}
        starts = [filtered.point | shape | {"ease": weight} for weight in (0.3, 1.0, 3.0, 10.0)]
        warm = self._warm(ModelKind.blend)
        if warm is not None:
            starts.append(warm)
        found = best_of(starts, self._goal(ModelKind.blend, ridge))
        return self._climbed(found, ModelKind.blend, ridge), ridge

    def _warm(self, *kinds: ModelKind) -> Point | None:
        warm = self.options.warm
        if warm is None or warm.kind not in kinds:
            return None
        late = ("fading", "trend", *counts[unordered_counts:])
        return point_of(warm) | ({} if self.ordered else dict.fromkeys(late, 0.0))

    def _with_fading(self, found: BestPoint, kind: ModelKind, ridge: float = 0.0) -> BestPoint:
        if not self.ordered or self.options.warm:
            return found
        points = [found.point | {"fading": exponent} for exponent in fadings]
        best = best_of(points, self._goal(kind, ridge))
        return best._replace(evaluations=best.evaluations + found.evaluations)

    def _climbed(self, found: BestPoint, kind: ModelKind, ridge: float = 0.0) -> BestPoint:
        axes = axes_of(kind, order=self.ordered)
        return climb(found, axes, self._goal(kind, ridge), self.budget - found.evaluations)

    def _goal(self, kind: ModelKind, ridge: float = 0.0) -> Any:
        return lambda point: self.goodness(point, kind, ridge)

    def _solve(self, ridge: float, folds: int = folds_max) -> None:
        for bench in self.benches[:folds]:
            solve_ease(bench.workings, ridge)
            for key in [key for key in bench.masses if key[0] == ease_name]:
                del bench.masses[key]

    def _keep(self) -> int:
        small = self.benches[0].workings.gram is not None
        wanted: int = keeps[1] if small else keeps[0]
        return min(self.candidates, wanted)

    def _finished(self, found: tuple[BestPoint, float], kind: ModelKind) -> Choice:
        """Choose how many neighbours to keep, as few as are as good as more."""
        (point, _, evaluations), ridge = found
        parameters = parameters_at(point, kind, self.layout, keep=1, ridge=ridge)
        most = max(keeps[1], kept_max // len(self.benches[0].favourites))
        sizes = sorted({min(keep, self.candidates) for keep in keeps if keep <= most})
        tried = [msgspec.structs.replace(parameters, keep=keep) for keep in sizes]
        reached = [
            np.mean([quality_on(bench, one).goodness for bench in self.benches]) for one in tried
        ]
        enough = next(at for at, one in enumerate(reached) if one >= max(reached) * (1 - as_good))
        return Choice(tried[enough], self._mean(tried[enough]), evaluations + len(sizes))

    def _mean(self, parameters: Parameters) -> Quality:
        found = [quality_on(bench, parameters) for bench in self.benches]
        return Quality(
            recall=float(np.mean([one.recall for one in found])),
            ndcg=float(np.mean([one.ndcg for one in found])),
            coverage=float(np.mean([one.coverage for one in found])),
            users=found[0].users,
        )


def _plan(options: Options, ordered: bool) -> GroundPlan:
    wanted = options.kind
    return GroundPlan(
        filter=wanted not in (ModelKind.ease, ModelKind.popularity),
        ease=wanted in (None, ModelKind.ease, ModelKind.blend),
        order=ordered,
        rarity=options.warm.rarity if options.warm else spread,
        seed=options.seed,
    )
