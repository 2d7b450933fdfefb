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
    Making,
    ease_name,
    pairs_max,
    solve_ease,
)
from kouling.interest.likes import LikeMatrix
from kouling.interest.model import fading
from kouling.interest.records import Kind, Parameters, Quality
from kouling.interest.search import Found, Point, best_of, climb
from kouling.interest.space import (
    axes_of,
    filter_starts,
    neutral,
    parameters_at,
    point_of,
)
from kouling.interest.split import hold_out, some_users

Array = np.ndarray[Any, Any]

choice_likes_max = 1_300_000
"""Likes on which parameters are chosen: those of as many users, drawn by lot."""

evaluations_max, evaluations_min = 300, 80
"""For each kind of model; the more pairs there are to weigh, the fewer."""

warm_evaluations_max = 60
"""The same where an earlier fit's parameters are at hand."""

as_good = 1e-3
"""Relative difference in goodness that is no reason for a larger or more involved model."""

keeps = (100, 200, 400, 800)
kept_max = 12_500_000
"""Neighbours kept of all items together: what a model weighs, and what serving walks."""

fadings = (0.0, 0.35, 0.7, 1.0)
first_ridge, ridge_range = 100.0, (1.0, 20_000.0)


class Options(NamedTuple):
    """What a fit is asked for."""

    kind: Kind | None = None
    """The kind of model; None leaves it to the fit."""
    order: bool = True
    """Whether the order of likes may be used, where it is known."""
    seed: int = 1
    warm: Parameters | None = None
    """The parameters of an earlier fit, to begin from."""


class Chosen(NamedTuple):
    """What was chosen, how good it was on the held-out likes, and the evaluations it took."""

    parameters: Parameters
    held_out: Quality
    evaluations: int


def choose(likes: LikeMatrix, options: Options) -> Chosen:
    """Return the best parameters of the wanted kind, or of all kinds."""
    ordered = likes.ordered and options.order
    part = some_users(likes, choice_likes_max, seed=options.seed)
    if not len(hold_out(part, seed=options.seed).answers):  # nothing to choose by
        return Chosen(Parameters(kind=Kind.popularity, keep=1), Quality(recall=0, ndcg=0), 0)
    benches = benches_of(part, _making(options, ordered), settled=options.warm is not None)
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

    def contenders(self) -> Iterable[Chosen]:
        """Yield the best of each wanted kind, the simplest first."""
        kinds = [self.options.kind] if self.options.kind else list(Kind)
        solvable = self.benches[0].workings.gram is not None
        if not self.options.kind or Kind.popularity in kinds:
            yield self._popularity()
        ease = self._ease() if solvable and set(kinds) & {Kind.ease, Kind.blend} else None
        if ease and Kind.ease in kinds:
            yield self._finished(ease, Kind.ease)
        if not set(kinds) & {Kind.filter, Kind.blend}:
            return
        filtered = self._filter()
        if Kind.filter in kinds or not ease:
            yield self._finished((filtered, 0.0), Kind.filter)
        if ease and Kind.blend in kinds:
            yield self._finished(self._blend(filtered, ease), Kind.blend)

    def goodness(
        self, point: Point, kind: Kind, ridge: float = 0.0, folds: int = folds_max
    ) -> float:
        """Return the mean goodness of a point over the held-out parts, or the first of them."""
        keep = self._keep()
        parameters = parameters_at(point, kind, self.layout, keep=keep, ridge=ridge)
        tried = self.benches[:folds]
        return float(np.mean([quality_on(bench, parameters).goodness for bench in tried]))

    def _popularity(self) -> Chosen:
        parameters = Parameters(kind=Kind.popularity, keep=1)
        bench = self.benches[0]
        rows = no_rows(len(bench.favourites))
        quality = quality_of(rows, fading(0), bench.favourites, bench.asked)
        return Chosen(parameters, quality, 1)

    def _filter(self) -> Found:
        warm = self._warm(Kind.filter, Kind.blend)
        starts = [neutral | one for one in filter_starts] if warm is None else [warm]
        found = best_of(starts, self._goal(Kind.filter))
        return self._climbed(self._with_fading(found, Kind.filter), Kind.filter)

    def _ease(self) -> tuple[Found, float]:
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
                        reached[ridge] = self.goodness(point, Kind.ease, ridge, 1)
                best = max(reached, key=lambda one: reached[one])
                if best == centre:
                    break
                centre = best
        self._solve(centre)
        found = Found(point, self.goodness(point, Kind.ease, centre), len(reached) + 1)
        found = self._with_fading(found, Kind.ease, centre)
        return self._climbed(found, Kind.ease, centre), centre

    def _blend(self, filtered: Found, ease: tuple[Found, float]) -> tuple[Found, float]:
        alone, ridge = ease
        names = ("ease_liker", "ease_target")
        shape = {name: alone.point[name] for name in names}
        starts = [filtered.point | shape | {"ease": weight} for weight in (0.3, 1.0, 3.0, 10.0)]
        warm = self._warm(Kind.blend)
        if warm is not None:
            starts.append(warm)
        found = best_of(starts, self._goal(Kind.blend, ridge))
        return self._climbed(found, Kind.blend, ridge), ridge

    def _warm(self, *kinds: Kind) -> Point | None:
        warm = self.options.warm
        if warm is None or warm.kind not in kinds:
            return None
        late = ("fading", "trend", *counts[unordered_counts:])
        return point_of(warm) | ({} if self.ordered else dict.fromkeys(late, 0.0))

    def _with_fading(self, found: Found, kind: Kind, ridge: float = 0.0) -> Found:
        if not self.ordered or self.options.warm:
            return found
        points = [found.point | {"fading": exponent} for exponent in fadings]
        best = best_of(points, self._goal(kind, ridge))
        return best._replace(evaluations=best.evaluations + found.evaluations)

    def _climbed(self, found: Found, kind: Kind, ridge: float = 0.0) -> Found:
        axes = axes_of(kind, order=self.ordered)
        return climb(found, axes, self._goal(kind, ridge), self.budget - found.evaluations)

    def _goal(self, kind: Kind, ridge: float = 0.0) -> Any:
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

    def _finished(self, found: tuple[Found, float], kind: Kind) -> Chosen:
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
        return Chosen(tried[enough], self._mean(tried[enough]), evaluations + len(sizes))

    def _mean(self, parameters: Parameters) -> Quality:
        found = [quality_on(bench, parameters) for bench in self.benches]
        return Quality(
            recall=float(np.mean([one.recall for one in found])),
            ndcg=float(np.mean([one.ndcg for one in found])),
            coverage=float(np.mean([one.coverage for one in found])),
            users=found[0].users,
        )


def _making(options: Options, ordered: bool) -> Making:
    wanted = options.kind
    return Making(
        filter=wanted not in (Kind.ease, Kind.popularity),
        ease=wanted in (None, Kind.ease, Kind.blend),
        order=ordered,
        rarity=options.warm.rarity if options.warm else spread,
        seed=options.seed,
    )
