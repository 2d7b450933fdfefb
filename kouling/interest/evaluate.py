"""Rows of neighbours and likes that they have not seen come in; recall, NDCG, coverage go out.

All items are ranked for every user whose likes were held out, its known likes left out. Recall@20
is the share of the user's held-out likes among the first 20 places; NDCG@20 has binary gains and
the ideal of min(20, held out). Both are means over these users.
"""

from __future__ import annotations

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.gather import Rows
from kouling.interest.likes import LikeMatrix
from kouling.interest.model import Model
from kouling.interest.native import native, over
from kouling.interest.records import Quality
from kouling.interest.serving import ExamUsers, Server, serve_users
from kouling.interest.split import Exam

places = 20
"""Places that are judged."""


def exam_users(exam: Exam, most: int = 0) -> ExamUsers:
    """Return the users whose likes are held out: all, or `most` spread evenly over them."""
    users = np.flatnonzero(np.diff(exam.answers.start))
    if most and len(users) > most:
        users = users[np.arange(most) * len(users) // most]
    known, answers = exam.known, exam.answers
    return ExamUsers(users, known.start, known.item, answers.start, answers.item)


def measure(model: Model, known: LikeMatrix, answers: LikeMatrix) -> Quality:
    """Return how well a model finds `answers`, likes of the same users beyond the `known` ones."""
    users = exam_users(Exam(known, answers))
    return quality_of(model.rows, model.fade(), model.favourites, users)


def quality_of(rows: Rows, fade: Array, favourites: Array, asked: ExamUsers) -> Quality:
    """Return how well the held-out likes are found again."""
    count = len(asked.users)
    if not count:
        return Quality(recall=0.0, ndcg=0.0)
    top = np.full((count, places), -1, np.int32)
    server = Server(rows, fade, favourites)
    over(count, lambda low, high: serve_users(server, asked, top, (low, high)))
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
def _judge(asked: ExamUsers, top: Array, results: tuple[Array, Array], gains: Array) -> None:
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
