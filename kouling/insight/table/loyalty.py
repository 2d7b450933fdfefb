"""What loyalty reads: likes of items, and who likes anything of whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kouling.deliver import like_table
from kouling.gate import Surface, item_table
from kouling.ids import UserId


def likes_per_item(
    connection: sa.Connection, until: datetime, creator: UserId | None = None
) -> dict[UserId, list[int]]:
    """Return the likes of each item, of one creator or of all that have any; before `until`."""
    item, like = item_table.c, like_table.c
    counted = (
        sa.select(item.author, sa.func.count(like.user).label("likes"))
        .select_from(
            item_table.outerjoin(like_table, sa.and_(like.item == item.id, like.at < until))
        )
        .where(item.posted_at < until, item.surface != Surface.comment)
        .where(sa.true() if creator is None else item.author == creator)
        .group_by(item.author, item.id)
        .order_by(item.author, item.id)
    )
    found: dict[UserId, list[int]] = {}
    for row in connection.execute(counted):
        found.setdefault(UserId(row.author), []).append(int(row.likes))
    return {author: likes for author, likes in found.items() if creator or any(likes)}


def liker_counts(
    connection: sa.Connection, until: datetime, creator: UserId | None = None
) -> dict[UserId, tuple[int, int]]:
    """Return how many users like a creator's items, and how many of them another's too.

    Of one creator, or of all.
    """
    pairs = _likers().where(like_table.c.at < until).cte()
    tastes = sa.select(pairs.c.user, sa.func.count().label("n")).group_by(pairs.c.user).cte()
    query = (
        sa.select(
            pairs.c.author,
            sa.func.count().label("likers"),
            sa.func.sum(sa.case((tastes.c.n > 1, 1), else_=0)).label("shared"),
        )
        .join(tastes, tastes.c.user == pairs.c.user)
        .where(sa.true() if creator is None else pairs.c.author == creator)
        .group_by(pairs.c.author)
    )
    rows = connection.execute(query)
    return {UserId(row.author): (int(row.likers), int(row.shared)) for row in rows}


def shared_likers(
    connection: sa.Connection, creator: UserId, other: UserId
) -> tuple[int, int, int]:
    """Return how many users like anything of each of two creators, and of both."""
    pairs = _likers().where(item_table.c.author.in_([creator, other])).cte()
    likers = {
        author: set(connection.scalars(sa.select(pairs.c.user).where(pairs.c.author == author)))
        for author in (creator, other)
    }
    mine, theirs = likers[creator], likers[other]
    return len(mine), len(theirs), len(mine & theirs)


def _likers() -> sa.Select[Any]:
    """The query for who likes anything of whom."""
    return (
        sa.select(item_table.c.author, like_table.c.user)
        .join(item_table, item_table.c.id == like_table.c.item)
        .where(item_table.c.surface != Surface.comment)
        .distinct()
    )
