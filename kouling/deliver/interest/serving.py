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
    """Arrays that a call works in: scores and marks by item, and the items touched."""

    scores: Array
    marks: Array
    touched: Array


class Best(NamedTuple):
    """The best items in descending order of score, and the like that spoke most for each."""

    items: Array
    scores: Array
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
        for place in range(neighbours.shape[1]):
            other = neighbours[item, place]
            if other < 0:
                break
            if marks[other] == untouched:
                marks[other] = touched
                reached[count] = other
                count += 1
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
def _explain(rows: Rows, history: Array, fade: Array, work: tuple, filled: int) -> None:  # type: ignore[type-arg]  # numba takes the records as they are
    """Find for each chosen item the like that spoke most for it; marks are zero again after."""
    neighbours, weights = rows
    marks, best = work
    named = min(filled, 255)  # a mark is one byte; places further down need no reason on a page
    for place in range(named):
        marks[best.items[place]] = place + 1
    loudest = np.zeros(named, np.float32)
    best.because[:] = -1
    for rank in range(min(len(history), len(fade))):
        item = history[len(history) - 1 - rank]
        for place in range(neighbours.shape[1]):
            other = neighbours[item, place]
            if other < 0:
                break
            if marks[other] != 0:
                said = fade[rank] * weights[item, place]
                if said > loudest[marks[other] - 1]:
                    loudest[marks[other] - 1] = said
                    best.because[marks[other] - 1] = item
    for place in range(named):
        marks[best.items[place]] = 0


@native
def recommend(rows: Rows, history: Array, fade: Array, exclude: Array, work: tuple) -> int:  # type: ignore[type-arg]  # numba takes the records as they are
    """Fill in the best items for a history, oldest like first; return how many there are.

    `fade` is the weight of a like by how many later ones there are, `work` is scratch arrays and
    places. Only items with a score above 0 are given.
    """
    scratch, best = work
    count = gather(rows, history, fade, scratch)
    for item in exclude:
        scratch.marks[item] = barred
    filled = select(scratch, count, best)
    clear(scratch, count, history, exclude)
    _explain(rows, history, fade, (scratch.marks, best), filled)
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
