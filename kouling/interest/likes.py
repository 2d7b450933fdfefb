"""Who likes what, as a matrix of rows: each user's likes, oldest first, each at most once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from kouling.errors import InvalidInput, LimitExceeded
from kouling.interest.arrays import Array
from kouling.interest.native import native
from kouling.interest.records import history_max

likes_max = 2_000_000_000
"""Likes in one matrix."""


class LikeMatrix(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Likes by user: those of user u are `item[start[u]:start[u + 1]]`, oldest first.

    `ordered` says whether "oldest first" is known; where it is False the order says nothing.
    `user_ids` and `item_ids` name rows and columns, or are empty where numbers are names enough.
    """

    start: Array
    item: Array
    items: int
    ordered: bool = False
    user_ids: Sequence[str] = ()
    item_ids: Sequence[str] = ()

    @property
    def users(self) -> int:
        """How many users there are."""
        return len(self.start) - 1

    def __len__(self) -> int:
        return len(self.item)

    def of(self, user: int) -> Array:
        """Return the likes of a user, oldest first."""
        return self.item[self.start[user] : self.start[user + 1]]


class Columns(msgspec.Struct, frozen=True, eq=False):
    """The same likes by item: `user` likes it, and it stands at `place` of the matrix's items."""

    start: Array
    user: Array
    place: Array


def like_matrix(
    user: Array, item: Array, *, shape: tuple[int, int], at: Array | None = None, ordered: bool
) -> LikeMatrix:
    """Return the matrix of these pairs; of the same like twice, the first is kept.

    Rows go by `at` where it is given, else the pairs of a user stand in their order. Raises
    `InvalidInput` for numbers outside the shape.
    """
    if len(user) != len(item) or (at is not None and len(at) != len(user)):
        raise InvalidInput("users, items and times differ in number", hint="give one of each")
    if len(user) > likes_max:
        raise LimitExceeded(f"{len(user)} likes", hint=f"give up to {likes_max}")
    for name, found, end in (("user", user, shape[0]), ("item", item, shape[1])):
        if len(found) and not (found.min() >= 0 and found.max() < end):
            raise InvalidInput(f"a {name} outside 0 to {end - 1}", hint="check the shape")
    order = np.lexsort((at, user)) if at is not None else np.argsort(user, kind="stable")
    users, items = np.asarray(user)[order], np.asarray(item, np.int32)[order]
    first = _first_of_each(users, items, shape[1])
    users, items = users[first], items[first]
    start = np.zeros(shape[0] + 1, np.int64)
    np.cumsum(np.bincount(users, minlength=shape[0]), out=start[1:])
    return LikeMatrix(start=start, item=items, items=int(shape[1]), ordered=ordered)


def _first_of_each(users: Array, items: Array, width: int) -> Array:
    """Return where pairs stand for the first time, in their order."""
    pairs = users.astype(np.int64) * width + items
    order = np.argsort(pairs, kind="stable")
    fresh = np.ones(len(pairs), bool)
    fresh[order[1:]] = np.diff(pairs[order]) != 0
    return np.flatnonzero(fresh)


def latest(likes: LikeMatrix, most: int = history_max) -> LikeMatrix:
    """Return the likes with at most the `most` latest of each user."""
    sizes = np.diff(likes.start)
    if not len(sizes) or sizes.max() <= most:
        return likes
    from_end = np.repeat(likes.start[1:], sizes) - np.arange(len(likes))
    return kept(likes, from_end <= most)


def kept(likes: LikeMatrix, mask: Array) -> LikeMatrix:
    """Return the likes for which the mask holds, for the same users and items."""
    counted = np.concatenate([[0], np.cumsum(mask)])
    start = counted[likes.start].astype(np.int64)
    return msgspec.structs.replace(likes, start=start, item=likes.item[mask])


class Adjacency(NamedTuple):
    """One end of each like, grouped by the other: those of n are `other[start[n]:start[n + 1]]`."""

    start: Array
    other: Array


def likers_by_item(likes: LikeMatrix, counts: Array) -> Adjacency:
    """Return who likes each item; `counts` says how many do."""
    start = np.concatenate([[0], np.cumsum(counts)])
    user = np.empty(len(likes), np.int32)
    _fill_by_item(likes.start, likes.item, start[:-1].copy(), user)
    return Adjacency(start, user)


@native
def _fill_by_item(start: Array, item: Array, ends: Array, users: Array) -> None:
    for user in range(len(start) - 1):
        for at in range(start[user], start[user + 1]):
            users[ends[item[at]]] = user
            ends[item[at]] += 1


@native
def sum_rows(rows: Adjacency, values: Array, sums: Array) -> None:
    """Set for each row the sum of its values; what is without a value counts for 0."""
    start, other = rows
    for row in range(len(start) - 1):
        total = 0.0
        for at in range(start[row], start[row + 1]):
            if other[at] < len(values):
                total += values[other[at]]
        sums[row] = total


@native
def add_rows(rows: Adjacency, chosen: Array, amounts: Array, sums: Array) -> None:
    """Add to all that stands in some rows what each of these rows amounts to."""
    start, other = rows
    for at in range(len(chosen)):
        for place in range(start[chosen[at]], start[chosen[at] + 1]):
            sums[other[place]] += amounts[at]


def columns(likes: LikeMatrix) -> Columns:
    """Return the likes by item, users ascending."""
    order = np.argsort(likes.item, kind="stable")
    start = np.zeros(likes.items + 1, np.int64)
    np.cumsum(item_counts(likes), out=start[1:])
    user = np.repeat(np.arange(likes.users, dtype=np.int32), np.diff(likes.start))
    return Columns(start, user[order], order)


def user_counts(likes: LikeMatrix) -> Array:
    """Return how many likes each user gave."""
    return np.diff(likes.start)


def item_counts(likes: LikeMatrix) -> Array:
    """Return how many likes each item has."""
    return np.bincount(likes.item, minlength=likes.items)
