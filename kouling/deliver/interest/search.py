"""A point in the space of parameters and a goodness come in; a better point goes out.

Coordinate search with a step for each coordinate that grows on success and halves on failure. It
stops after a number of evaluations, not of seconds: the same likes give the same parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Point = dict[str, float]
Goodness = Callable[[Point], float]

worthwhile = 1e-4
"""Relative gain below which a move isn't made."""


class Axis(NamedTuple):
    """One coordinate: its first step, and the range it stays in."""

    name: str
    step: float
    lowest: float
    highest: float


class Found(NamedTuple):
    """The best point so far, and how many evaluations that took."""

    point: Point
    goodness: float
    evaluations: int


def climb(start: Found, axes: tuple[Axis, ...], goodness: Goodness, budget: int) -> Found:
    """Return the best point found from `start` within a number of evaluations."""
    steps = {axis.name: axis.step for axis in axes}
    side = dict.fromkeys(steps, 1.0)
    best, spent = start, 0
    while spent < budget and any(steps[axis.name] > axis.step / 12 for axis in axes):
        for axis in axes:
            if steps[axis.name] <= axis.step / 12:
                continue
            for sign in (side[axis.name], -side[axis.name]):
                point = _moved(best.point, axis, sign * steps[axis.name])
                if point is None or spent >= budget:
                    continue
                spent += 1
                reached = goodness(point)
                if reached > best.goodness * (1 + worthwhile):
                    best = Found(point, reached, 0)
                    side[axis.name] = sign
                    steps[axis.name] *= 1.4
                    break
            else:
                steps[axis.name] /= 2
    return best._replace(evaluations=start.evaluations + spent)


def best_of(points: list[Point], goodness: Goodness) -> Found:
    """Return the best of some points."""
    tried = [(goodness(point), at) for at, point in enumerate(points)]
    reached, at = max(tried, key=lambda one: (one[0], -one[1]))
    return Found(points[at], reached, len(points))


def _moved(point: Point, axis: Axis, by: float) -> Point | None:
    """Return the point moved within the axis's range; None if that is no move."""
    value = min(max(point[axis.name] + by, axis.lowest), axis.highest)
    return None if value == point[axis.name] else point | {axis.name: value}
