"""Rows of neighbours and likes that they have not seen come in; recall, NDCG, coverage go out.

All items are ranked for every user whose likes were held out, its known likes left out. Recall@20
is the share of the user's held-out likes among the first 20 places; NDCG@20 has binary gains and
the ideal of min(20, held out). Both are means over these users.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from kouling.deliver.interest import serving
from kouling.deliver.interest.native import native, over
from kouling.deliver.interest.records import Quality
from kouling.deliver.interest.serving import Rows
from kouling.deliver.interest.split import Exam

Array = np.ndarray[Any, Any]

places = 20
"""Places that are judged."""


class Asked(NamedTuple):
    """An exam as the loop wants it."""

    users: Array
    start: Array
    item: Array
    answer_start: Array
    answer_item: Array


class _Server(NamedTuple):
    rows: Rows
    fade: Array
    favourites: Array


def asked_of(exam: Exam, most: int = 0) -> Asked:
    """Return the users whose likes are held out: all, or `most` spread evenly over them."""
    users = np.flatnonzero(np.diff(exam.answers.start))
    if most and len(users) > most:
        users = users[np.arange(most) * len(users) // most]
    known, answers = exam.known, exam.answers
    return Asked(users, known.start, known.item, answers.start, answers.item)


def quality_of(rows: Rows, fade: Array, favourites: Array, asked: Asked) -> Quality:
    """Return how well the held-out likes are found again."""
    count = len(asked.users)
    if not count:
        return Quality(recall=0.0, ndcg=0.0)
    top = np.full((count, places), -1, np.int32)
    server = _Server(rows, fade, favourites)
    over(count, lambda low, high: _serve(server, asked, top, (low, high)))
    recall, ndcg = np.zeros(count), np.zeros(count)
    gains = 1 / np.log2(np.arange(places) + 2)
    _judge(asked, top, (recall, ndcg), gains)
    shown = np.unique(top[top >= 0])
    return Quality(
        recall=float(recall.mean()),
        ndcg=float(ndcg.mean()),
        coverage=len(shown) / max(len(favourites), 1),
        users=count,
    )


@native
def _fill_up(favourites: Array, marks: Array, top: Array, filled: int) -> None:
    """Fill the places that no like speaks for."""
    for item in favourites:
        if filled == len(top):
            break
        if marks[item] != serving.barred:
            top[filled] = item
            filled += 1


@native
def _serve(server: _Server, asked: Asked, top: Array, part: tuple[int, int]) -> None:
    items = len(server.favourites)
    scratch = serving.Scratch(
        np.zeros(items, np.float32), np.zeros(items, np.uint8), np.empty(items + 1, np.int32)
    )
    size = min(places, items)
    best = serving.Best(
        np.empty(size, np.int32), np.empty(size, np.float32), np.empty(size, np.int32)
    )
    nobody = np.empty(0, np.int32)
    for at in range(part[0], part[1]):
        user = asked.users[at]
        history = asked.item[asked.start[user] : asked.start[user + 1]]
        count = serving.gather(server.rows, history, server.fade, scratch)
        filled = serving.select(scratch, count, best)
        for place in range(filled):
            top[at, place] = best.items[place]
            scratch.marks[best.items[place]] = serving.barred
        if filled < size:
            _fill_up(server.favourites, scratch.marks, top[at], filled)
        serving.clear(scratch, count, history, nobody)


@native
def _judge(asked: Asked, top: Array, results: tuple[Array, Array], gains: Array) -> None:
    recall, ndcg = results
    for at in range(len(asked.users)):
        user = asked.users[at]
        answers = asked.answer_item[asked.answer_start[user] : asked.answer_start[user + 1]]
        found, gain, ideal = 0, 0.0, 0.0
        for place in range(top.shape[1]):
            for answer in answers:
                if answer == top[at, place]:
                    found += 1
                    gain += gains[place]
                    break
            if place < len(answers):
                ideal += gains[place]
        recall[at], ndcg[at] = found / len(answers), gain / ideal
