"""Likes come in; for each item the items liked beside it go out, with how often and by whom.

One pass over all pairs of likes of the same user: no matrix of all items is ever held, only one
row of it a thread. Users with many likes say less about each (`spread`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.likes import Columns, LikeMatrix, user_counts
from kouling.interest.native import native, over
from kouling.interest.records import history_max

spread = 0.34
"""Both ends of a like are divided by their number of likes to this power.

Of SGFCF's published setting for gowalla; confirmed there on tails held out of the training likes
(November 2026): Recall@20 of the first count alone .163 with it, .122 with .5.
"""

wide_spread = 0.5
"""The same for the second count, in which users with many likes say less still.

On gowalla's tails this count and four bands of taste for one bring .1738/.1201 (Recall@20 and
NDCG@20) to .1741/.1205.
"""

near = 50.0
"""Likes between two of one user after which the later one follows the earlier less by 1/e.

The count that it makes brings .1871/.1324 on gowalla's tails to .1875/.1331; no other value was
noted.
"""

beside = 10.0
"""Likes between two of one user at which they count half as neighbours in its list.

The count that it makes brings .1893/.1341 on gowalla's tails to .1893/.1349; no other value was
noted.
"""

counts = ("together", "among_few", "after", "beside")
"""Liked by the same users; the same with `wide_spread`; liked after the first; liked near it."""

unordered_counts = 2
"""How many of the counts know nothing of order."""


class BothWays(NamedTuple):
    """All likes both ways, as the loops want them."""

    start: Array
    item: Array
    column_start: Array
    column_user: Array
    column_place: Array


class PairWeights(NamedTuple):
    """What a pair of likes says, by user and by the distance between them."""

    user: Array
    """float32 [users, 2]"""
    later: Array
    """float32 [distance, 2]: of an item liked after, and of one liked near; empty without order"""


class CandidatePairs(NamedTuple):
    """For each item its candidates, ended by -1, and each feature of each pair.

    `other` is int32 [items, candidates], `features` float32 [features, items, candidates].
    """

    other: Array
    features: Array


def ways_of(likes: LikeMatrix, columns: Columns) -> BothWays:
    """Return the likes both ways."""
    return BothWays(likes.start, likes.item, columns.start, columns.user, columns.place)


def says_of(likes: LikeMatrix, *, order: bool) -> PairWeights:
    """Return what a pair of likes says in each count."""
    sizes = np.maximum(user_counts(likes), 1)[:, None].astype(np.float64)
    says = sizes ** -np.array([2 * spread, 2 * wide_spread])
    distance = np.arange(history_max if order else 0)
    later = np.stack([np.exp(-distance / near), 1 / (1 + distance / beside)], axis=1)
    return PairWeights(says.astype(np.float32), later.astype(np.float32))


def pairs_of(
    ways: BothWays, says: PairWeights, target: Array, size: int, features: int
) -> CandidatePairs:
    """Find each item's `size` best candidates by how often they are liked together.

    `target` is float32 by item and says how much each is worth as a candidate. `features` is how
    many features there will be; the counts come first.
    """
    items = len(target)
    pairs = CandidatePairs(
        np.full((items, size), -1, np.int32), np.zeros((features, items, size), np.float32)
    )
    over(items, lambda begin, end: _fill(ways, says, target, pairs, (begin, end)), parts=64)
    return pairs


@native
def _add_up(ways: BothWays, says: PairWeights, row: int, sums: Array, reached: Array) -> int:
    """Add up a row; return how many items were reached."""
    count = 0
    order = len(says.later) > 0
    for at in range(ways.column_start[row], ways.column_start[row + 1]):
        user, place = ways.column_user[at], ways.column_place[at]
        says_one, says_two = says.user[user, 0], says.user[user, 1]
        for other_place in range(ways.start[user], ways.start[user + 1]):
            other = ways.item[other_place]
            if sums[other, 0] == 0:
                reached[count] = other
                count += 1
            sums[other, 0] += says_one
            sums[other, 1] += says_two
            if order and other_place > place:
                sums[other, 2] += says_one * says.later[other_place - place, 0]
            if order:
                sums[other, 3] += says_one * says.later[abs(other_place - place), 1]
    return count


@native
def _fill(
    ways: BothWays, says: PairWeights, target: Array, pairs: CandidatePairs, rows: tuple[int, int]
) -> None:
    items, size = pairs.other.shape
    width = 4 if len(says.later) else 2
    sums = np.zeros((items, width), np.float32)
    reached = np.empty(items, np.int32)
    for row in range(rows[0], rows[1]):
        count = _add_up(ways, says, row, sums, reached)
        value = np.empty(count, np.float32)
        for at in range(count):
            other = reached[at]
            value[at] = sums[other, 0] * target[other] if other != row else -1
        floor = np.partition(value, count - size)[count - size] if count > size else 0.0
        filled = 0
        for at in range(count):
            other = reached[at]
            if value[at] >= floor and value[at] > 0 and filled < size:
                pairs.other[row, filled] = other
                for which in range(width):
                    pairs.features[which, row, filled] = sums[other, which]
                filled += 1
            sums[other] = 0


def dense_gram(ways: BothWays, items: int) -> Array:
    """Return how many users like each two items, for small catalogues; float32 [items, items]."""
    gram = np.zeros((items, items), np.float32)
    over(items, lambda begin, end: _fill_dense(ways, gram, begin, end), parts=64)
    return gram


@native
def _fill_dense(ways: BothWays, gram: Array, begin: int, end: int) -> None:
    for row in range(begin, end):
        for at in range(ways.column_start[row], ways.column_start[row + 1]):
            user = ways.column_user[at]
            for place in range(ways.start[user], ways.start[user + 1]):
                gram[row, ways.item[place]] += 1
