"""Features of pairs and chosen terms come in; each item's row of kept neighbours goes out.

A row's value for a pair is the sum over terms of weight times feature times the powers of both
items' numbers of likes, each term divided by its mean size (`mass`), so that weights have no
unit and keep their meaning from one set of likes to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.gather import Rows
from kouling.interest.gram import CandidatePairs
from kouling.interest.native import native, over
from kouling.interest.records import Parameters, Term


class Ground(NamedTuple):
    """All that rows are made from: pairs, what each feature is, and the items' counts."""

    pairs: CandidatePairs
    names: tuple[str, ...]
    """Of the features, in their order."""
    popularity: Array
    trend: Array
    """By item, how late its likers like it: -0.5 to 0.5; zeros where there is no order."""


class _Mixture(NamedTuple):
    """Terms as arrays, those with the same exponents side by side: their items are weighed once."""

    which: Array
    """By term, which feature it is."""
    weight: Array
    end: Array
    """By pair of exponents, where its terms end."""
    liked: Array
    """By pair of exponents and item, the factor of a liked item; `shown` that of a shown one."""
    shown: Array


def rows_of(ground: Ground, parameters: Parameters, masses: dict[Any, float]) -> Rows:
    """Return the rows of neighbours, best first; `masses` remembers what was computed before."""
    mixture = _mixture(ground, parameters, masses)
    items, keep = len(ground.popularity), min(parameters.keep, ground.pairs.other.shape[1])
    rows = Rows(np.full((items, keep), -1, np.int32), np.zeros((items, keep), np.float32))
    over(items, lambda low, high: _mix(ground.pairs, mixture, rows, (low, high)))
    return rows


def _mixture(ground: Ground, parameters: Parameters, masses: dict[Any, float]) -> _Mixture:
    used = _used(ground, parameters.terms)
    likes = np.maximum(ground.popularity, 1).astype(np.float64)
    shapes = sorted({(term.liker, term.target) for term in used.values()})
    names = sorted(used, key=lambda name: (used[name].liker, used[name].target))
    which = [ground.names.index(name) for name in names]
    ends = [sum((t.liker, t.target) <= shape for t in used.values()) for shape in shapes]
    weight = np.empty(len(names), np.float32)
    for at, (name, feature) in enumerate(zip(names, which, strict=True)):
        term = used[name]
        key = (name, term.liker, term.target)
        if key not in masses:
            masses[key] = _mass(ground, feature, term)
        weight[at] = term.weight / masses[key]
    powers = -np.array(shapes).reshape(-1, 2, 1)
    liked, shown = np.moveaxis(likes**powers, 1, 0)
    shown = shown * np.exp(parameters.trend * ground.trend)
    return _Mixture(
        np.array(which, np.int64), weight, np.array(ends), liked.astype("f4"), shown.astype("f4")
    )


def _used(ground: Ground, terms: Mapping[str, Term]) -> dict[str, Term]:
    return {name: terms[name] for name in ground.names if name in terms and terms[name].weight}


def _mass(ground: Ground, which: int, term: Term) -> float:
    """Return the mean size of a term over all likes."""
    likes = np.maximum(ground.popularity, 1).astype(np.float64)
    shown = (likes**-term.target).astype(np.float32)
    sums = np.zeros(len(likes))
    feature = ground.pairs.features[which]
    other = ground.pairs.other
    over(len(likes), lambda low, high: _sizes(other, feature, shown, sums, (low, high)))
    total = float((sums * likes**-term.liker * ground.popularity).sum())
    return total / max(float(ground.popularity.sum()), 1.0) or 1.0


@native
def _sizes(other: Array, feature: Array, shown: Array, sums: Array, rows: tuple[int, int]) -> None:
    for row in range(rows[0], rows[1]):
        total = 0.0
        for place in range(other.shape[1]):
            if other[row, place] < 0:
                break
            total += abs(feature[row, place]) * shown[other[row, place]]
        sums[row] = total


@native
def _keep(other: Array, value: Array, strength: Array, row: tuple[Array, Array]) -> None:
    """Keep the strongest pairs of a row."""
    neighbours, weights = row
    keep, count = len(neighbours), len(strength)
    floor = np.partition(strength, count - keep)[count - keep] if count > keep else 0.0
    filled = 0
    for place in range(count):
        if strength[place] >= floor and strength[place] > 0 and filled < keep:
            neighbours[filled], weights[filled] = other[place], value[place]
            filled += 1


@native
def _mix(pairs: CandidatePairs, mixture: _Mixture, rows: Rows, among: tuple[int, int]) -> None:
    other, features = pairs
    size = other.shape[1]
    value = np.empty(size, np.float32)
    part = np.empty(size, np.float32)
    strength = np.empty(size, np.float32)
    for row in range(among[0], among[1]):
        count = 0
        while count < size and other[row, count] >= 0:
            value[count] = 0
            count += 1
        term = 0
        for shape in range(len(mixture.end)):
            part[:count] = 0
            while term < mixture.end[shape]:
                feature, weight = features[mixture.which[term], row], mixture.weight[term]
                for place in range(count):
                    part[place] += weight * feature[place]
                term += 1
            loud, shown = mixture.liked[shape, row], mixture.shown[shape]
            for place in range(count):
                value[place] += loud * part[place] * shown[other[row, place]]
        for place in range(count):
            strength[place] = abs(value[place])
        _keep(other[row], value, strength[:count], (rows.neighbours[row], rows.weights[row]))


def sort_rows(rows: Rows) -> Rows:
    """Return the same rows, each by falling weight."""
    ranked = np.where(rows.neighbours >= 0, -rows.weights, np.inf)
    order = np.argsort(ranked, axis=1, kind="stable")
    return Rows(
        np.take_along_axis(rows.neighbours, order, 1), np.take_along_axis(rows.weights, order, 1)
    )
