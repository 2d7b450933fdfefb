"""Likes are held out of the training likes, as those to come are: the tail where there is order.

A random part of each user's likes is held out only where nothing is known of their order;
parameters chosen so have been wrong on ordered likes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kouling.ids import random_bytes
from kouling.interest.arrays import Array
from kouling.interest.likes import LikeMatrix, kept

tail_share, part_share = 0.2, 0.1
"""Of each user's likes: the tail of ordered ones, or one part of those that have no order.

The more is held out, the sparser is what is learnt from, and what suits sparse likes is not what
suits all of them: with parts of a fifth, the parameters were worse on likes that nobody chose by
(see `bench.folds_max`). The tail is as long as that of gowalla's published test; on its likes
parameters chosen on a random part were wrong on the tail.
"""


class Exam(NamedTuple):
    """What may be learnt from, and the likes to be found again."""

    known: LikeMatrix
    answers: LikeMatrix


def hold_out(likes: LikeMatrix, *, seed: int, fold: int = 0) -> Exam:
    """Hold out some of each user's likes, of whoever has two or more.

    The latest fifth where the likes are ordered, which leaves one fold only; else `fold` names
    one of ten parts that do not overlap.
    """
    sizes = np.diff(likes.start)
    share = tail_share if likes.ordered else part_share
    owner = np.repeat(np.arange(likes.users), sizes)
    out = np.where(sizes > 1, np.maximum(1, np.rint(share * sizes)), 0)
    place = np.arange(len(likes)) - likes.start[owner]
    if not likes.ordered:
        place = (_shuffled(likes, owner, seed) + fold * out[owner]) % np.maximum(sizes[owner], 1)
    tail = place >= (sizes - out)[owner]
    return Exam(kept(likes, ~tail), kept(likes, tail))


def some_users(likes: LikeMatrix, most: int, *, seed: int) -> LikeMatrix:
    """Return the likes of as many users, drawn by lot, as have about `most` likes together.

    Users and items are numbered anew, those without likes left out.
    """
    if len(likes) <= most:
        return likes
    lot = np.argsort(_lots(likes.users, seed), kind="stable")
    sizes = np.diff(likes.start)
    chosen = np.zeros(likes.users, bool)
    chosen[lot[: np.searchsorted(np.cumsum(sizes[lot]), most)]] = True
    part = kept(likes, np.repeat(chosen, sizes))
    rows = np.flatnonzero(chosen)
    names, item = np.unique(part.item, return_inverse=True)
    return LikeMatrix(
        start=np.append(part.start[rows], len(part)),
        item=item.astype(np.int32),
        items=len(names),
        ordered=likes.ordered,
    )


def _shuffled(likes: LikeMatrix, owner: Array, seed: int) -> Array:
    """Return for each like a place within its user's likes, drawn by lot."""
    order = np.lexsort((_lots(len(likes), seed), owner))
    place = np.empty(len(likes), np.int64)
    place[order] = np.arange(len(likes)) - likes.start[owner]
    return place


def _lots(count: int, seed: int) -> Array:
    return np.frombuffer(random_bytes(seed)(8 * count), np.uint64)
