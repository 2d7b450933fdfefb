"""Loyalty: whether a creator's likes are steady, or one hit among many that nobody liked.

Likes and likers come in, a table goes out. Two creators may have as many likes and
stand differently: the steady one keeps them with the next item.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import astuple

from kouling.db import Connection
from kouling.ids import UserId, check_id
from kouling.insight.records import Day, Overlap, Steadiness, Table
from kouling.insight.table.loyalty import liker_counts, likes_per_item, shared_likers

creators_max = 100
"""Creators in the table: those with the most likes."""


def loyalty(connection: Connection, day: Day) -> Table:
    """Return how steady the creators with the most likes are, by all likes up to a day's end."""
    return loyalty_table(likes_per_item(connection, day.until), liker_counts(connection, day.until))


def steadiness(connection: Connection, creator: UserId, at: datetime) -> Steadiness:
    """Return how steady a creator's likes are, of all items and likes up to a moment."""
    check_id(creator, "creator id")
    until = at + timedelta.resolution
    counts = likes_per_item(connection, until, creator).get(creator, [])
    likers = liker_counts(connection, until, creator).get(creator, (0, 0))
    return steadiness_of(creator, counts, likers)


def overlap(connection: Connection, creator: UserId, other: UserId) -> Overlap:
    """Return how far two creators have the same likers."""
    check_id(creator, "creator id")
    check_id(other, "other creator's id")
    return overlap_of(*shared_likers(connection, creator, other))


def loyalty_table(
    likes: Mapping[UserId, Sequence[int]], likers: Mapping[UserId, tuple[int, int]]
) -> Table:
    """Return a row of `Steadiness` for each creator, most likes first.

    `likes` are each creator's likes by item, `likers` how many users like any of them and how
    many of those like another creator's, too.
    """
    ranked = sorted(likes, key=lambda creator: (-sum(likes[creator]), creator))
    rows = [
        astuple(steadiness_of(creator, likes[creator], likers.get(creator, (0, 0))))
        for creator in ranked[:creators_max]
    ]
    return Table(name="loyalty", columns=Steadiness.__struct_fields__, rows=tuple(rows))


def steadiness_of(creator: UserId, counts: Sequence[int], likers: tuple[int, int]) -> Steadiness:
    """Return how steady a creator's likes per item are, given its likers and who is another's."""
    count, shared = likers
    return Steadiness(
        creator=creator,
        items=len(counts),
        likes=sum(counts),
        variation=variation(counts),
        best_share=best_share(counts),
        likers=count,
        also_others=round(shared / count, 4) if count else None,
    )


def variation(counts: Sequence[int]) -> float | None:
    """Return the coefficient of variation of likes per item; None without any likes."""
    total = sum(counts)
    if not total:
        return None
    mean = total / len(counts)
    spread = math.sqrt(sum((count - mean) ** 2 for count in counts) / len(counts))
    return round(spread / mean, 4)


def best_share(counts: Sequence[int]) -> float | None:
    """Return the part of all likes that the best item has; None without any likes."""
    total = sum(counts)
    return round(max(counts) / total, 4) if total else None


def overlap_of(creator: int, other: int, shared: int) -> Overlap:
    """Return how two creators' likers overlap, given how many each has and both share."""
    either = creator + other - shared
    return Overlap(
        creator_likers=creator,
        other_likers=other,
        shared=shared,
        of_creator=shared / creator if creator else 0.0,
        of_other=shared / other if other else 0.0,
        of_either=shared / either if either else 0.0,
    )
