"""Co-likes since the last fit, pair by pair, in whole numbers.

Two items that one user likes are a pair; it counts for the user's weight in units of 2^-20. Sums
of whole numbers don't depend on their order, so what an unlike takes away leaves exactly what was
there before the like. A hash table finds a pair, a list leads through each item's pairs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.gather import (
    Best,
    Rows,
    Scratch,
    choose_best,
    gather,
    is_wide,
    sweep_best,
    tied,
    touched,
    untouched,
)
from kouling.interest.native import native, prefetch
from kouling.interest.serving import Reasons, begin_reasons, end_reasons, find_reasons

unit = 1 << 20
"""What a user's weight of 1 counts: a millionth is kept, and sums of 2^43 weights have room."""

_first_size = 1 << 12

_slack = 10
"""Entries for each pair: a row that is full moves to twice the room, and leaves its old entries."""

paired_max = 32
"""A user's latest likes, which make pairs with a new one and for which pairs since the fit speak.

The fit's rows speak for all. On gowalla's likes held out twice over 32 find .1831/.1297 and 64
find .1829/.1296, and with 64 a like takes longer.
"""

_scan_max = 256
"""In a row longer than this a pair is looked up instead of searched.

Set by the time that `deliver_freshness` takes, in which 48 was slower; the figures were not kept.
"""

_ahead = 16  # pairs: so much later comes the one whose slot is sent for now


class PairTable(NamedTuple):
    """The table as its loops take it: each item's pairs stand side by side, as rows that can grow.

    A like touches as many pairs as its user has likes, each at another place of memory; so what
    is needed together stands together. All are int64.
    """

    slots: Array
    """The hash table, [slots, 3]: both items in one number (-1 for none), the lower one first,
    and the pair's place in the rows of either."""
    heads: Array
    """By item, [items, 3]: where its row begins, how many pairs it has, and has room for."""
    entries: Array
    """The rows, [entries, 2]: the other item, and what the pair counts."""
    used: Array
    """How many pairs there are, and how many entries are taken by rows."""


class Scales(NamedTuple):
    """What turns a pair's count into a weight, by item: of the liked one and of the shown one."""

    source: Array
    target: Array


def new_pairs(items: int, size: int = _first_size) -> PairTable:
    """Return an empty table for so many items and up to `size` pairs."""
    return PairTable(
        np.full((2 * size, 3), -1, np.int64),
        np.zeros((items, 3), np.int64),
        np.empty((_slack * size, 2), np.int64),
        np.zeros(2, np.int64),
    )


def with_room(pairs: PairTable, items: int, more: int) -> PairTable:
    """Return the table with room for so many items and `more` pairs, larger if need be."""
    size, wanted = len(pairs.slots) // 2, int(pairs.used[0]) + more
    if wanted <= size and items <= len(pairs.heads):
        return pairs
    while size < wanted:
        size *= 2
    larger = new_pairs(max(items, len(pairs.heads)), size)
    _add_all(larger, *listed(pairs))
    return larger


def listed(pairs: PairTable) -> tuple[Array, Array, Array]:
    """Return both items and counts of all pairs that count, the lower item first, in order."""
    starts, sizes, _ = pairs.heads.T
    item = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    other, counted = pairs.entries[np.repeat(starts, sizes) + within].T
    live = np.flatnonzero((counted != 0) & (item < other))  # one taken back is forgotten here
    ranked = live[np.lexsort((other[live], item[live]))]
    return item[ranked], other[ranked], counted[ranked]


@native
def count_like(pairs: PairTable, latest: Array, item: int, amount: int) -> bool:
    """Count a like beside a user's latest ones, unless it is one of them; say whether it is new.

    Where there are `paired_max`, the oldest of them gives way.
    """
    for other in latest:
        if other == item:
            return False
    stay = latest[-(paired_max - 1) :]
    add_pairs(pairs, item, stay, amount)
    if len(latest) == paired_max:
        add_pairs(pairs, latest[0], stay, -amount)
    return True


@native
def add_pairs(pairs: PairTable, item: int, others: Array, amount: int) -> None:
    """Count an item together with each of the others.

    Each is somewhere else in memory, so all are sent for before the first is needed.
    """
    for other in others:
        prefetch(pairs.slots, 3 * _first_slot(pairs, _name(item, other)))
        prefetch(pairs.heads, 3 * other)
    for other in others:
        start, size, _ = pairs.heads[other]
        prefetch(pairs.entries, 2 * (start + size))
    for other in others:
        _add(pairs, item, other, amount)


@native
def recommend_fresh(  # type: ignore[no-untyped-def]  # numba takes the records as they are
    rows: Rows, fresh, history: Array, exclude: Array, work
) -> int:
    """Fill in the best items by the fitted rows and the pairs since; return how many there are.

    `fresh` is pairs, scales and the weight of a like by how many later ones there are. A history
    has each like once.
    """
    scratch, best = work
    filled = tied
    if is_wide(rows, history, best, len(scratch.scores)):
        gather(rows, history, fresh[2], scratch, True)
        _add_fresh(fresh, history, scratch.scores)
        filled = sweep_best(scratch, history, exclude, best)
    if filled == tied:
        count = gather(rows, history, fresh[2], scratch, False)
        count = _gather_fresh(fresh, history, scratch, count)
        filled = choose_best(scratch, count, history, exclude, best)
    reasons = Reasons(begin_reasons(scratch.marks, best, filled), best.because)
    find_reasons(rows, history, fresh[2], scratch.marks, reasons)
    _find_fresh_reasons(fresh, history, scratch.marks, best, reasons)
    end_reasons(scratch.marks, best, reasons)
    return filled


@native
def _name(one: int, another: int) -> int:
    """Return both items in one number, the lower one first."""
    return int((np.int64(min(one, another)) << 32) | np.int64(max(one, another)))


@native
def _first_slot(pairs: PairTable, name: int) -> int:
    """Return the slot that a pair has if no other has it."""
    key = np.uint64(name)
    key = (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return int(np.int64((key ^ (key >> np.uint64(32))) & np.uint64(len(pairs.slots) - 1)))


@native
def _slot(pairs: PairTable, name: int) -> int:
    """Return the slot that a pair has or would get."""
    slots, slot = pairs.slots, _first_slot(pairs, name)
    while slots[slot, 0] >= 0 and slots[slot, 0] != name:
        slot = (slot + 1) & (len(slots) - 1)
    return slot


@native
def _add(pairs: PairTable, one: int, another: int, amount: int) -> None:
    low, high, name = min(one, another), max(one, another), _name(one, another)
    slot = pairs.slots[_slot(pairs, name)]
    if slot[0] < 0:
        slot[0], slot[1], slot[2] = name, _append(pairs, low, high), _append(pairs, high, low)
        pairs.used[0] += 1
    pairs.entries[pairs.heads[low, 0] + slot[1], 1] += amount
    pairs.entries[pairs.heads[high, 0] + slot[2], 1] += amount


@native
def _append(pairs: PairTable, item: int, other: int) -> int:
    """Let a row end with a pair that counts nothing yet; return its place."""
    head, entries = pairs.heads[item], pairs.entries
    size = head[1]
    if size == head[2]:  # twice the room, behind all rows
        begin, room = pairs.used[1], max(4, 2 * size)
        for place in range(size):
            entries[begin + place, 0] = entries[head[0] + place, 0]
            entries[begin + place, 1] = entries[head[0] + place, 1]
        head[0], head[2] = begin, room
        pairs.used[1] += room
    entries[head[0] + size, 0], entries[head[0] + size, 1] = other, 0
    head[1] += 1
    return int(size)


@native
def _add_all(pairs: PairTable, items: Array, others: Array, counts: Array) -> None:
    for at in range(len(counts)):
        soon = min(at + _ahead, len(counts) - 1)
        prefetch(pairs.slots, 3 * _first_slot(pairs, _name(items[soon], others[soon])))
        _add(pairs, items[at], others[at], counts[at])


@native
def _gather_fresh(fresh, history: Array, scratch: Scratch, count: int) -> int:  # type: ignore[no-untyped-def]  # numba takes the records as they are
    """Add up the pairs of the latest likes; return how many items are touched now."""
    pairs, scales, fade = fresh
    scores, marks, reached = scratch
    for rank in range(min(len(history), paired_max)):
        item = history[len(history) - 1 - rank]
        loud = fade[rank] * scales.source[item]
        start, size, _ = pairs.heads[item]
        for at in range(start, start + size):
            other, counted = pairs.entries[at]
            if counted != 0:
                if marks[other] == untouched:
                    marks[other] = touched
                    reached[count] = other
                    count += 1
                scores[other] += loud * counted * scales.target[other]
    return count


@native
def _add_fresh(fresh, history: Array, scores: Array) -> None:  # type: ignore[no-untyped-def]  # numba takes the records as they are
    """Add up the pairs of the latest likes, without keeping which items are touched."""
    pairs, scales, fade = fresh
    for rank in range(min(len(history), paired_max)):
        item = history[len(history) - 1 - rank]
        loud = fade[rank] * scales.source[item]
        start, size, _ = pairs.heads[item]
        for at in range(start, start + size):
            other, counted = pairs.entries[at]
            scores[other] += loud * counted * scales.target[other]


@native
def _find_fresh_reasons(fresh, history: Array, marks: Array, best: Best, reasons: Reasons) -> None:  # type: ignore[no-untyped-def]  # numba takes the records as they are
    """Let the pairs of the latest likes be reasons too, where they spoke louder than rows."""
    pairs, scales, fade = fresh
    loudest, because = reasons
    for rank in range(min(len(history), paired_max)):
        item = history[len(history) - 1 - rank]
        start, size, _ = pairs.heads[item]
        loud = fade[rank] * scales.source[item]
        if size > _scan_max:
            for place in range(len(loudest)):
                other = best.items[place]
                slot = pairs.slots[_slot(pairs, _name(item, other))]
                if slot[0] >= 0:
                    counted = pairs.entries[start + slot[1 if item < other else 2], 1]
                    said = loud * counted * scales.target[other]
                    if said > loudest[place]:
                        loudest[place], because[place] = said, item
            continue
        for at in range(start, start + size):
            other, counted = pairs.entries[at]
            if marks[other] != 0:
                place = marks[other] - 1
                said = loud * counted * scales.target[other]
                if said > loudest[place]:
                    loudest[place], because[place] = said, item
