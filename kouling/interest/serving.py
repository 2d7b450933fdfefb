"""A user's likes come in, the best unseen items go out, each with the like that spoke most for it.

The loop behind every page; `gather` adds up, here the reasons are found.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.gather import (
    Best,
    Rows,
    Scratch,
    barred,
    choose_best,
    clear,
    gather,
    is_wide,
    select,
    sweep_best,
    tied,
)
from kouling.interest.native import native


class Reasons(NamedTuple):
    """By place, how loudly the like that spoke most for it did so, and which like that was."""

    loudest: Array
    because: Array


class ExamUsers(NamedTuple):
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
    filled = tied
    if is_wide(rows, history, best, len(scratch.scores)):
        gather(rows, history, fade, scratch, True)
        filled = sweep_best(scratch, history, exclude, best)
    if filled == tied:
        count = gather(rows, history, fade, scratch, False)
        filled = choose_best(scratch, count, history, exclude, best)
    reasons = Reasons(begin_reasons(scratch.marks, best, filled), best.because)
    find_reasons(rows, history, fade, scratch.marks, reasons)
    end_reasons(scratch.marks, best, reasons)
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
def serve_users(server: Server, asked: ExamUsers, top: Array, part: tuple[int, int]) -> None:
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
        count = gather(server.rows, history, server.fade, scratch, False)
        filled = select(scratch, count, best)
        for place in range(filled):
            top[at, place] = best.items[place]
            scratch.marks[best.items[place]] = barred
        if filled < size:
            _fill_up(server.favourites, scratch.marks, top[at], filled)
        clear(scratch, count, history, nobody)
