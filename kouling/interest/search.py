"""A point in the space of parameters and a goodness come in; a better point goes out.

Coordinate search with a step for each coordinate that grows on success and halves on failure. It
stops after a number of evaluations, not of seconds: the same likes give the same parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Point = dict[str, float]
Goodness = Callable[[Point], float]

worthwhile = 3e-4
"""Relative gain below which a move isn't made: less is chance, and would be learnt by heart.

Chosen, not measured, as are the factors by which steps grow and shrink.
"""


class Axis(NamedTuple):
    """One coordinate: its first step, and the range it stays in."""

    name: str
    step: float
    lowest: float
    highest: float


class BestPoint(NamedTuple):
    """The best point so far, and how many evaluations that took."""

    point: Point
    goodness: float
    evaluations: int


def climb(start: BestPoint, axes: tuple[Axis, ...], goodness: Goodness, budget: int) -> BestPoint:
    """Return the best point found from `start` within a number of evaluations."""
    climber = _Climber(start, axes, goodness, budget)
    scale = 1.0
    while climber.left > 0 and scale > 1 / 8:
        before = climber.best.goodness
        climber.ascend(scale)
        if climber.best.goodness < before * (1 + worthwhile):
            scale /= 2
    return climber.best._replace(evaluations=start.evaluations + budget - climber.left)


class _Climber:
    """A search under way."""

    def __init__(
        self, start: BestPoint, axes: tuple[Axis, ...], goodness: Goodness, budget: int
    ) -> None:
        self.best, self.axes, self.goodness, self.left = start, axes, goodness, budget
        self.side = {axis.name: 1.0 for axis in axes}

    def ascend(self, scale: float) -> None:
        """Sweep over the axes, and go on in a sweep's direction, until the steps are small."""
        steps = {axis.name: axis.step * scale for axis in self.axes}
        alive = list(self.axes)
        while alive and self.left > 0:
            before = self.best.point
            for axis in alive:
                steps[axis.name] *= 1.4 if self._step(axis, steps[axis.name]) else 0.5
            self._go_on(before)
            alive = [axis for axis in alive if steps[axis.name] > axis.step * scale / 12]

    def _step(self, axis: Axis, length: float) -> bool:
        for sign in (self.side[axis.name], -self.side[axis.name]):
            if self._try(self.best.point | {axis.name: self.best.point[axis.name] + sign * length}):
                self.side[axis.name] = sign
                return True
        return False

    def _go_on(self, before: Point) -> None:
        """Repeat what a whole sweep changed, for as long as that helps (Hooke and Jeeves 1961)."""
        while True:
            now = self.best.point
            moved = {a.name: 2 * now[a.name] - before[a.name] for a in self.axes}
            if sum(now[axis.name] != before[axis.name] for axis in self.axes) < 2:
                return
            if not self._try(now | moved):
                return
            before = now

    def _try(self, point: Point) -> bool:
        within = {a.name: min(max(point[a.name], a.lowest), a.highest) for a in self.axes}
        point = point | within
        if self.left <= 0 or point == self.best.point:
            return False
        self.left -= 1
        reached = self.goodness(point)
        if reached <= self.best.goodness * (1 + worthwhile):
            return False
        self.best = BestPoint(point, reached, 0)
        return True


def best_of(points: list[Point], goodness: Goodness) -> BestPoint:
    """Return the best of some points."""
    tried = [(goodness(point), at) for at, point in enumerate(points)]
    reached, at = max(tried, key=lambda one: (one[0], -one[1]))
    return BestPoint(points[at], reached, len(points))
