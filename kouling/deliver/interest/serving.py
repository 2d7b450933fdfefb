"""A user's likes come in, the best unseen items go out: the loop behind every page.

The rows of the liked items are added up in scratch arrays that are all zero before and after.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from kouling.deliver.interest.native import native

Array = np.ndarray[Any, Any]

untouched, touched, barred = 0, 1, 2
"""What a mark says of an item: no row led to it, one did, it must not be shown."""


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


class Reasons(NamedTuple):
    """By place, how loudly the like that spoke most for it did so, and which like that was."""

    loudest: Array
    because: Array


class Asked(NamedTuple):
    """Users to be served, and the likes to be found again for each."""

    users: Array
    start: Array
    item: Array
    answer_start: Array
    answer_item: Array


class Server(NamedTuple):
    """What users are served from, together."""

    rows: Rows
    fade: Array
    favourites: Array


def new_scratch(items: int) -> Scratch:
    """Return scratch arrays for a catalogue."""
    return Scratch(np.zeros(items, "f4"), np.zeros(items, "u1"), np.empty(items + 1, "i4"))


def new_best(size: int) -> Best:
    """Return places for the best items."""
    return Best(np.empty(size, "i4"), np.empty(size, "f4"), np.empty(size, "i4"))


@native
def gather(rows: Rows, history: Array, fade: Array, scratch: Scratch) -> int:
    """Add up the rows of the liked items; return how many items were touched."""
    neighbours, weights = rows
    scores, marks, reached = scratch
    count, rank = 0, 0
    for at in range(len(history) - 1, -1, -1):
        item = history[at]
        if marks[item] == barred:  # the same like again
            continue
        marks[item] = barred
        if rank >= len(fade):
            continue
        loud = fade[rank]
        rank += 1
        if item >= len(neighbours):  # it came after the fit
            continue
        for place in range(neighbours.shape[1]):
            other = neighbours[item, place]
            if other < 0:
                break
            mark = marks[other]  # without a branch, which could not be foretold
            fresh = np.uint8(mark == untouched)
            marks[other] = mark | fresh
            reached[count] = other
            count += int(fresh)
            scores[other] += loud * weights[item, place]
    return count


@native
def select(scratch: Scratch, count: int, best: Best) -> int:
    """Fill in the best of the touched items; return how many there are."""
    items, scores, _ = best
    size, filled = len(items), 0
    floor = np.float32(0)
    for at in range(count):
        item = scratch.touched[at]
        score = scratch.scores[item]
        if scratch.marks[item] == touched and score > floor:
            place = filled if filled < size else size - 1
            while place > 0 and scores[place - 1] < score:
                items[place], scores[place] = items[place - 1], scores[place - 1]
                place -= 1
            items[place], scores[place] = item, score
            if filled < size:
                filled += 1
            if filled == size:
                floor = scores[size - 1]
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


@native
def begin_reasons(marks: Array, best: Best, filled: int) -> Array:
    """Mark the chosen items by their places; return how loudly any like spoke for each so far."""
    named = min(filled, 255)  # a mark is one byte; places further down need no reason on a page
    for place in range(named):
        marks[best.items[place]] = place + 1
    best.because[:] = -1
    return np.zeros(named, np.float32)


@native
def find_reasons(rows: Rows, history: Array, fade: Array, marks: Array, reasons: Reasons) -> None:
    """Find for each marked item the like whose row spoke most for it.

    Rows fall, and late likes come first: what is left of a row is soon too quiet to matter.
    """
    neighbours, weights = rows
    loudest, because = reasons
    quietest = np.float32(0)
    for rank in range(min(len(history), len(fade))):
        item, changed = history[len(history) - 1 - rank], False
        if item >= len(neighbours):
            continue
        for place in range(neighbours.shape[1]):
            other = neighbours[item, place]
            said = fade[rank] * weights[item, place]
            if other < 0 or said <= quietest:
                break
            if marks[other] != 0 and said > loudest[marks[other] - 1]:
                loudest[marks[other] - 1] = said
                because[marks[other] - 1] = item
                changed = True
        if changed:
            quietest = loudest.min()


@native
def end_reasons(marks: Array, best: Best, reasons: Reasons) -> None:
    """Make the marks zero again."""
    for place in range(len(reasons.loudest)):
        marks[best.items[place]] = 0


@native
def add_neighbours(rows: Rows, values: Array, sums: Array) -> None:
    """Add to each item what the items that speak for it are worth, as loudly as they do."""
    neighbours, weights = rows
    for item in range(min(len(neighbours), len(values))):
        if values[item] == 0:
            continue
        for place in range(neighbours.shape[1]):
            other = neighbours[item, place]
            if other < 0:
                break
            sums[other] += weights[item, place] * values[item]


@native
def recommend(rows: Rows, history: Array, fade: Array, exclude: Array, work: tuple) -> int:  # type: ignore[type-arg]  # numba takes the records as they are
    """Fill in the best items for a history, oldest like first; return how many there are.

    `fade` is the weight of a like by how many later ones there are, `work` is scratch arrays and
    places. Only items with a score above 0 are given.
    """
    scratch, best = work
    count = gather(rows, history, fade, scratch)
    filled = choose_best(scratch, count, history, exclude, best)
    reasons = Reasons(begin_reasons(scratch.marks, best, filled), best.because)
    find_reasons(rows, history, fade, scratch.marks, reasons)
    end_reasons(scratch.marks, best, reasons)
    return filled


@native
def choose_best(scratch: Scratch, count: int, history: Array, exclude: Array, best: Best) -> int:
    """Fill in the best of what was gathered, and make the scratch arrays all zero again."""
    for item in exclude:
        scratch.marks[item] = barred
    filled = select(scratch, count, best)
    clear(scratch, count, history, exclude)
    return filled


@native
def _fill_up(favourites: Array, marks: Array, top: Array, filled: int) -> None:
    """Fill the places that no like speaks for."""
    for item in favourites:
        if filled == len(top):
            break
        if marks[item] != barred:
            top[filled] = item
            filled += 1


@native
def serve_users(server: Server, asked: Asked, top: Array, part: tuple[int, int]) -> None:
    """Fill in the best items of each asked user, what is lacking by popularity."""
    items = len(server.favourites)
    scratch = Scratch(
        np.zeros(items, np.float32), np.zeros(items, np.uint8), np.empty(items + 1, np.int32)
    )
    size = min(top.shape[1], items)
    best = Best(np.empty(size, np.int32), np.empty(size, np.float32), np.empty(size, np.int32))
    nobody = np.empty(0, np.int32)
    for at in range(part[0], part[1]):
        user = asked.users[at]
        history = asked.item[asked.start[user] : asked.start[user + 1]]
        count = gather(server.rows, history, server.fade, scratch)
        filled = select(scratch, count, best)
        for place in range(filled):
            top[at, place] = best.items[place]
            scratch.marks[best.items[place]] = barred
        if filled < size:
            _fill_up(server.favourites, scratch.marks, top[at], filled)
        clear(scratch, count, history, nobody)


def no_rows(items: int) -> Rows:
    """Return rows without neighbours, by which popularity alone is served."""
    return Rows(np.full((items, 1), -1, np.int32), np.zeros((items, 1), np.float32))
