"""The rows of a user's likes come in, the best items go out; scratch arrays are all zero after.

Scores are added up in one of two ways, of which the quicker is taken. Where few items are touched
these are kept in a list. Where many are, every item's score is looked at instead: a sweep over all
of them is quick, and adding up needs no more than the scores. Both give the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.native import native, prefetch

untouched, touched, barred = 0, 1, 2
"""What a mark says of an item: no row led to it, one did, it must not be shown."""

swept_part = 1 / 16
"""Scores are swept where the rows of the likes hold more than this part of the catalogue.

Set by the time that `deliver_freshness` takes (the model alone: 93 µs at the 99th percentile);
figures of other parts were not kept, nor those of other sizes of `block`.
"""

block = 64
"""Items whose highest score is found in one go."""

tied = -1
"""What a sweep answers that found equal scores: which item was touched first it doesn't know."""

_line = 16  # numbers of four bytes in what memory gives at once


class Rows(NamedTuple):
    """For each liked item (a row) the items that a like of it speaks for, and how loudly."""

    neighbours: Array
    weights: Array


class Scratch(NamedTuple):
    """Arrays that a call works in: scores and marks by item, and the items touched.

    There is room for one touched item more than there are, where what counts for nothing lands.
    """

    scores: Array
    marks: Array
    touched: Array


class Best(NamedTuple):
    """The best items in descending order of score, and the like that spoke most for each."""

    items: Array
    scores: Array
    because: Array


def new_scratch(items: int) -> Scratch:
    """Return scratch arrays for a catalogue."""
    return Scratch(
        np.zeros(items, np.float32), np.zeros(items, np.uint8), np.empty(items + 1, np.int32)
    )


def new_best(size: int) -> Best:
    """Return places for the best items."""
    return Best(np.empty(size, np.int32), np.empty(size, np.float32), np.empty(size, np.int32))


@native
def is_wide(rows: Rows, history: Array, best: Best, items: int) -> bool:
    """Return whether a history's rows are so many that all scores are better swept.

    For many places a sweep would put too many items in order that don't stay.
    """
    entries = len(history) * rows.neighbours.shape[1]
    return entries > swept_part * items and 4 * block * len(best.items) < items


@native
def gather(rows: Rows, history: Array, fade: Array, scratch: Scratch, wide: bool) -> int:
    """Add up the rows of the liked items; return how many items were touched, unless `wide`."""
    neighbours, weights = rows
    count, rank = 0, 0
    for at in range(len(history) - 1, -1, -1):
        item = history[at]
        if at > 0 and rank < len(fade):
            _fetch(rows, history[at - 1])
        if scratch.marks[item] == barred:  # the same like again
            continue
        scratch.marks[item] = barred
        if rank >= len(fade):
            continue
        loud = fade[rank]
        rank += 1
        if item >= len(neighbours):  # it came after the fit
            continue
        if wide:
            _add(neighbours[item], weights[item], loud, scratch.scores)
        else:
            count = _add_touched(neighbours[item], weights[item], loud, (scratch, count))
    return count


@native
def _fetch(rows: Rows, item: int) -> None:
    """Let a row that is needed next be on its way from memory."""
    width = rows.neighbours.shape[1]
    for place in range(0, width, _line):
        prefetch(rows.neighbours, item * width + place)
        prefetch(rows.weights, item * width + place)


@native
def _add(others: Array, weights: Array, loud: float, scores: Array) -> None:
    size = len(others)
    while size > 0 and others[size - 1] < 0:
        size -= 1
    for place in range(size):
        scores[np.uint32(others[place])] += loud * weights[place]


@native
def _add_touched(others: Array, weights: Array, loud: float, so_far: tuple[Scratch, int]) -> int:
    (scores, marks, reached), count = so_far
    for place in range(len(others)):
        other = others[place]
        if other < 0:
            break
        mark = marks[other]  # without a branch, which could not be foretold
        fresh = np.uint8(mark == untouched)
        marks[other] = mark | fresh
        reached[count] = other
        count += int(fresh)
        scores[other] += loud * weights[place]
    return count


@native
def choose_best(scratch: Scratch, count: int, history: Array, exclude: Array, best: Best) -> int:
    """Fill in the best of what was gathered, and make the scratch arrays all zero again."""
    for item in exclude:
        scratch.marks[item] = barred
    filled = select(scratch, count, best)
    clear(scratch, count, history, exclude)
    return filled


@native
def sweep_best(scratch: Scratch, history: Array, exclude: Array, best: Best) -> int:
    """Fill in the best of all items; return how many there are, or `tied`; the arrays are zero."""
    scores = scratch.scores
    for item in history:
        scores[item], scratch.marks[item] = 0, untouched
    for item in exclude:
        scores[item] = 0
    size = len(best.items)
    found, filled = _sweep(scores, size + 1)  # one more, to see whether it equals the last
    scores[:] = 0
    for place in range(1, filled):
        if found.scores[place] == found.scores[place - 1]:
            return tied
    filled = min(filled, size)
    best.items[:filled], best.scores[:filled] = found.items[:filled], found.scores[:filled]
    return filled


@native
def _sweep(scores: Array, size: int) -> tuple[Best, int]:
    """Return the best of all scores: they stand in the blocks whose highest scores are the best."""
    tops = _tops(scores)
    blocks, found = _places(size), _places(size)
    chosen, filled = 0, 0
    for at in range(len(tops)):
        if tops[at] > blocks.scores[size - 1]:
            chosen = _put(blocks, chosen, at, tops[at])
    for begin in block * blocks.items[:chosen]:
        part = scores[begin : begin + block]
        for at in range(len(part)):
            if part[at] > found.scores[size - 1]:
                filled = _put(found, filled, begin + at, part[at])
    return found, filled


@native
def _tops(scores: Array) -> Array:
    """Return the highest score of each block, 0 if none is above it.

    Numbers above 0 are in the order of their bits, and whole numbers are compared many at once.
    """
    bits = scores.view(np.int32)
    tops = np.zeros((len(bits) + block - 1) // block, np.int32)
    for at in range(len(tops)):
        part = bits[block * at : block * (at + 1)]
        top = np.int32(0)
        for place in range(len(part)):
            bit = part[place]
            top = bit if bit > top else top  # max() is not made quick
        tops[at] = top
    return tops.view(np.float32)


@native
def _places(size: int) -> Best:
    return Best(np.empty(size, np.int32), np.zeros(size, np.float32), np.empty(0, np.int32))


@native
def _put(best: Best, filled: int, item: int, score: float) -> int:
    """Put an item that is above the last in its place; return how many places are taken now.

    Scores of free places are 0. Of equal scores the first to come stays before the others.
    """
    items, scores, _ = best
    place = min(filled, len(items) - 1)
    while place > 0 and scores[place - 1] < score:
        items[place], scores[place] = items[place - 1], scores[place - 1]
        place -= 1
    items[place], scores[place] = item, score
    return min(filled + 1, len(items))


@native
def select(scratch: Scratch, count: int, best: Best) -> int:
    """Fill in the best of the touched items; return how many there are."""
    best.scores[:] = 0
    filled, last = 0, len(best.scores) - 1
    for at in range(count):
        item = scratch.touched[at]
        score = scratch.scores[item]
        if scratch.marks[item] == touched and score > best.scores[last]:
            filled = _put(best, filled, item, score)
    return filled


@native
def clear(scratch: Scratch, count: int, history: Array, exclude: Array) -> None:
    """Make the scratch arrays all zero again."""
    scores, marks, reached = scratch
    for at in range(count):
        scores[reached[at]] = 0
        marks[reached[at]] = untouched
    for item in history:
        scores[item] = 0
        marks[item] = untouched
    for item in exclude:
        scores[item] = 0
        marks[item] = untouched


def no_rows(items: int) -> Rows:
    """Return rows without neighbours, by which popularity alone is served."""
    return Rows(np.full((items, 1), -1, np.int32), np.zeros((items, 1), np.float32))
