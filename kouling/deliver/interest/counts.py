"""Co-likes since the last fit, pair by pair, in whole numbers.

Two items that one user likes are a pair; it counts for the user's weight in units of 2^-20. Sums
of whole numbers don't depend on their order, so what an unlike takes away leaves exactly what was
there before the like. A hash table finds a pair, a list leads through each item's pairs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from kouling.deliver.interest.native import native
from kouling.deliver.interest.serving import (
    Rows,
    Scratch,
    barred,
    select,
    touched,
    untouched,
)

Array = np.ndarray[Any, Any]

unit = 1 << 20
"""What a user's weight of 1 counts."""

_first_size = 1 << 12

_slack = 5
"""Places for each pair: a row that is full moves to twice the room, and leaves its old places."""

spoken_max = 32
"""A user's latest likes, for which pairs since the fit speak; the fit's rows speak for all."""

_scan_max = 48
"""In a row longer than this a pair is looked up instead of searched."""


class Pairs(NamedTuple):
    """The table as its loops take it: each item's pairs stand side by side, as rows that can grow.

    A hash table leads from a pair to its place in the row: `slots` says whose pair is there
    (source and target in one number, -1 for none) and `places` where.
    """

    slots: Array
    places: Array
    targets: Array
    counts: Array
    starts: Array
    """Where each item's row begins."""
    sizes: Array
    """How many pairs it has."""
    rooms: Array
    """How many it has room for."""
    used: Array
    """How many pairs there are, and how much of `targets` and `counts` is taken by rows."""


class Scales(NamedTuple):
    """What turns a pair's count into a weight, by item: of the liked one and of the shown one."""

    source: Array
    target: Array


def new_pairs(items: int, size: int = _first_size) -> Pairs:
    """Return an empty table for so many items and up to `size` pairs."""
    return Pairs(
        np.full(2 * size, -1, np.int64),
        np.empty(2 * size, np.int32),
        np.empty(_slack * size, np.int32),
        np.empty(_slack * size, np.int64),
        np.zeros(items, np.int64),
        np.zeros(items, np.int32),
        np.zeros(items, np.int32),
        np.zeros(2, np.int64),
    )


def with_room(pairs: Pairs, items: int, more: int) -> Pairs:
    """Return the table with room for so many items and `more` pairs, larger if need be."""
    size, wanted = len(pairs.slots) // 2, int(pairs.used[0]) + more
    if wanted <= size and items <= len(pairs.sizes):
        return pairs
    while size < wanted:
        size *= 2
    larger = new_pairs(max(items, len(pairs.sizes)), size)
    _add_all(larger, *listed(pairs))
    return larger


def listed(pairs: Pairs) -> tuple[Array, Array, Array]:
    """Return sources, targets and counts of all pairs that count, in order."""
    sizes = pairs.sizes.astype(np.int64)
    sources = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    places = np.repeat(pairs.starts, sizes) + within
    targets, counted = pairs.targets[places], pairs.counts[places]
    live = np.flatnonzero(counted)  # a pair taken back is forgotten when the table grows
    ranked = live[np.lexsort((targets[live], sources[live]))]
    return sources[ranked], targets[ranked], counted[ranked]


@native
def count_like(pairs: Pairs, others: Array, item: int, amount: int) -> bool:
    """Count a like beside a user's others, unless it is one of them; say whether it is new."""
    for other in others:
        if other == item:
            return False
    add_pairs(pairs, item, others, amount)
    return True


@native
def add_pairs(pairs: Pairs, item: int, others: Array, amount: int) -> None:
    """Count an item together with each of the others, in both directions."""
    for other in others:
        _add(pairs, item, other, amount)
        _add(pairs, other, item, amount)


@native
def recommend_fresh(  # type: ignore[no-untyped-def]  # numba takes the records as they are
    rows: Rows, fresh, history: Array, exclude: Array, work
) -> int:
    """Fill in the best items by the fitted rows and the pairs since; return how many there are.

    `fresh` is pairs, scales and the weight of a like by how many later ones there are.
    """
    pairs, scales, fade = fresh
    scratch, best = work
    count = _gather(rows, (pairs, scales, fade), history, scratch)
    for item in exclude:
        scratch.marks[item] = barred
    filled = select(scratch, count, best)
    for at in range(count):
        scratch.scores[scratch.touched[at]] = 0
        scratch.marks[scratch.touched[at]] = untouched
    for item in history:
        scratch.marks[item] = untouched
    for item in exclude:
        scratch.marks[item] = untouched
    _explain(rows, (pairs, scales, fade), history, (scratch.marks, best), filled)
    return filled


@native
def _slot(pairs: Pairs, source: int, target: int) -> int:
    """Return the slot that a pair has or would get."""
    slots = pairs.slots
    mask = np.uint64(len(slots) - 1)
    name = (np.int64(source) << 32) | np.int64(target)
    key = np.uint64(name)
    key = (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    slot = (key ^ (key >> np.uint64(32))) & mask
    while slots[slot] >= 0 and slots[slot] != name:
        slot = (slot + np.uint64(1)) & mask
    return int(slot)


@native
def _add(pairs: Pairs, source: int, target: int, amount: int) -> None:
    slot = _slot(pairs, source, target)
    if pairs.slots[slot] >= 0:
        pairs.counts[pairs.starts[source] + pairs.places[slot]] += amount
        return
    size = pairs.sizes[source]
    if size == pairs.rooms[source]:
        _move(pairs, source, size)
    pairs.slots[slot] = (np.int64(source) << 32) | np.int64(target)
    pairs.places[slot] = size
    pairs.targets[pairs.starts[source] + size] = target
    pairs.counts[pairs.starts[source] + size] = amount
    pairs.sizes[source] += 1
    pairs.used[0] += 1


@native
def _move(pairs: Pairs, source: int, size: int) -> None:
    """Give a row twice the room, at the end of all rows."""
    old, new = pairs.starts[source], pairs.used[1]
    room = max(4, 2 * size)
    for place in range(size):
        pairs.targets[new + place] = pairs.targets[old + place]
        pairs.counts[new + place] = pairs.counts[old + place]
    pairs.starts[source] = new
    pairs.rooms[source] = room
    pairs.used[1] += room


@native
def _add_all(pairs: Pairs, sources: Array, targets: Array, counts: Array) -> None:
    for at in range(len(counts)):
        _add(pairs, sources[at], targets[at], counts[at])


@native
def _gather(rows: Rows, fresh, history: Array, scratch: Scratch) -> int:  # type: ignore[no-untyped-def]  # numba takes the records as they are
    neighbours, weights = rows
    pairs, scales, fade = fresh
    scores, marks, reached = scratch
    count, rank = 0, 0
    for at in range(len(history) - 1, -1, -1):
        item = history[at]
        if marks[item] == barred:
            continue
        marks[item] = barred
        if rank >= len(fade):
            continue
        loud = fade[rank]
        rank += 1
        if item < len(neighbours):
            for place in range(neighbours.shape[1]):
                other = neighbours[item, place]
                if other < 0:
                    break
                if marks[other] == untouched:
                    marks[other] = touched
                    reached[count] = other
                    count += 1
                scores[other] += loud * weights[item, place]
        if rank > spoken_max:
            continue
        loud *= scales.source[item]
        start = pairs.starts[item]
        for pair in range(start, start + pairs.sizes[item]):
            other = pairs.targets[pair]
            if pairs.counts[pair] != 0:
                if marks[other] == untouched:
                    marks[other] = touched
                    reached[count] = other
                    count += 1
                scores[other] += loud * pairs.counts[pair] * scales.target[other]
    for at in range(len(history)):
        scores[history[at]] = 0
    return count


@native
def _explain(rows: Rows, fresh, history: Array, work, filled: int) -> None:  # type: ignore[no-untyped-def]  # numba takes the records as they are
    """Find for each chosen item the like that spoke most for it; marks are zero again after."""
    neighbours, weights = rows
    fade, (marks, best) = fresh[2], work
    named = min(filled, 255)  # a mark is one byte; places further down need no reason on a page
    for place in range(named):
        marks[best.items[place]] = place + 1
    loudest = np.zeros(named, np.float32)
    best.because[:] = -1
    for rank in range(min(len(history), len(fade))):
        item = history[len(history) - 1 - rank]
        if item < len(neighbours):
            for place in range(neighbours.shape[1]):
                other = neighbours[item, place]
                if other < 0:
                    break
                if marks[other] != 0:
                    said = fade[rank] * weights[item, place]
                    if said > loudest[marks[other] - 1]:
                        loudest[marks[other] - 1] = said
                        best.because[marks[other] - 1] = item
        if rank < spoken_max:
            _explain_fresh(fresh, item, fade[rank], (marks, best, loudest))
    for place in range(named):
        marks[best.items[place]] = 0


@native
def _explain_fresh(fresh, item: int, loud: float, work) -> None:  # type: ignore[no-untyped-def]  # numba takes the records as they are
    pairs, scales, _ = fresh
    marks, best, loudest = work
    start, size = pairs.starts[item], pairs.sizes[item]
    loud *= scales.source[item]
    if size > _scan_max:
        for named in range(len(loudest)):
            other = best.items[named]
            slot = _slot(pairs, item, other)
            if pairs.slots[slot] >= 0:
                said = loud * pairs.counts[start + pairs.places[slot]] * scales.target[other]
                if said > loudest[named]:
                    loudest[named] = said
                    best.because[named] = item
        return
    for pair in range(start, start + size):
        other = pairs.targets[pair]
        if marks[other] != 0:
            said = loud * pairs.counts[pair] * scales.target[other]
            if said > loudest[marks[other] - 1]:
                loudest[marks[other] - 1] = said
                best.because[marks[other] - 1] = item
