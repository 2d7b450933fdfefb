"""Loyalty: whether a creator's likes are steady, or one hit among many that nobody liked.

Likes per item and audiences come in, a table goes out. Two creators may have as many likes and
stand differently: the steady one keeps them with the next item.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec.structs import astuple

from kouling.ids import UserId
from kouling.insight.records import Overlap, Steadiness, Table

creators_max = 100
"""Creators in the table: those with the most likes."""


def loyalty(
    likes: Mapping[UserId, Sequence[int]], audiences: Mapping[UserId, tuple[int, int]]
) -> Table:
    """Return a row of `Steadiness` for each creator, most likes first.

    `likes` are each creator's likes by item, `audiences` how many users like any of them and how
    many of those like another creator's, too.
    """
    ranked = sorted(likes, key=lambda creator: (-sum(likes[creator]), creator))
    rows = [
        astuple(steadiness_of(creator, likes[creator], audiences.get(creator, (0, 0))))
        for creator in ranked[:creators_max]
    ]
    return Table(name="loyalty", columns=Steadiness.__struct_fields__, rows=tuple(rows))


def steadiness_of(creator: UserId, counts: Sequence[int], audience: tuple[int, int]) -> Steadiness:
    """Return how steady a creator's likes per item are, given its audience and their overlap."""
    size, shared = audience
    return Steadiness(
        creator=creator,
        items=len(counts),
        likes=sum(counts),
        variation=variation(counts),
        best_share=best_share(counts),
        audience=size,
        also_others=round(shared / size, 4) if size else None,
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
    """Return how two audiences overlap, given their sizes and how many are in both."""
    either = creator + other - shared
    return Overlap(
        creator=creator,
        other=other,
        shared=shared,
        of_creator=shared / creator if creator else 0.0,
        of_other=shared / other if other else 0.0,
        of_either=shared / either if either else 0.0,
    )
