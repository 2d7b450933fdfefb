"""What insight reads: counts of what happened between two moments. It writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kouling.deliver import follow_table, impression_table, like_table
from kouling.gate import Surface, Visibility, decision_table, item_table
from kouling.ids import UserId
from kouling.money import Money
from kouling.redeem import redemption_table
from kouling.settle import EntryKind, conversion_table, entry_table, posting_table


def stage_counts(
    connection: sa.Connection, since: datetime, until: datetime
) -> list[tuple[str, int]]:
    """Return how often each stage of the funnel happened, in the order data flows."""
    allowed = decision_table.c.visibility == Visibility.allow
    stages = (
        ("items", item_table.c.posted_at, None),
        ("allowed", decision_table.c.decided_at, allowed),
        ("impressions", impression_table.c.first_at, None),
        ("likes", like_table.c.at, None),
        ("follows", follow_table.c.at, None),
        ("redemptions", redemption_table.c.redeemed_at, None),
        ("conversions", conversion_table.c.converted_at, None),
    )
    return [
        (name, _count(connection, column, clause, since, until)) for name, column, clause in stages
    ]


def commission_sums(
    connection: sa.Connection, since: datetime, until: datetime
) -> list[tuple[EntryKind, Money]]:
    """Return what entries of each kind moved, per currency, in the order of the kinds."""
    entry, posting = entry_table.c, posting_table.c
    query = (
        sa.select(entry.kind, posting.currency, sa.func.sum(posting.amount).label("minor"))
        .join(posting_table, posting.entry == entry.id)
        .where(entry.conversion.is_not(None))  # charges for paid places are no commission
        .where(entry.entered_at >= since, entry.entered_at < until)
        .group_by(entry.kind, posting.currency)
    )
    found = {
        (r.kind, r.currency): Money(int(r.minor), r.currency) for r in connection.execute(query)
    }
    return [
        (kind, found[kind, currency])
        for kind in EntryKind
        for currency in sorted({currency for _, currency in found})
        if (kind, currency) in found
    ]


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


def audience_sizes(
    connection: sa.Connection, until: datetime, creator: UserId | None = None
) -> dict[UserId, tuple[int, int]]:
    """Return how many users like a creator's items, and how many of them another's too.

    Of one creator, or of all.
    """
    pairs = _audiences().where(like_table.c.at < until).cte()
    tastes = sa.select(pairs.c.user, sa.func.count().label("n")).group_by(pairs.c.user).cte()
    query = (
        sa.select(
            pairs.c.author,
            sa.func.count().label("audience"),
            sa.func.sum(sa.case((tastes.c.n > 1, 1), else_=0)).label("shared"),
        )
        .join(tastes, tastes.c.user == pairs.c.user)
        .where(sa.true() if creator is None else pairs.c.author == creator)
        .group_by(pairs.c.author)
    )
    rows = connection.execute(query)
    return {UserId(row.author): (int(row.audience), int(row.shared)) for row in rows}


def shared_audience(
    connection: sa.Connection, creator: UserId, other: UserId
) -> tuple[int, int, int]:
    """Return the sizes of two creators' audiences and of what they share."""
    pairs = _audiences().where(item_table.c.author.in_([creator, other])).cte()
    audience = {
        author: set(connection.scalars(sa.select(pairs.c.user).where(pairs.c.author == author)))
        for author in (creator, other)
    }
    mine, theirs = audience[creator], audience[other]
    return len(mine), len(theirs), len(mine & theirs)


def _audiences() -> sa.Select[Any]:
    """The query for who likes anything of whom."""
    return (
        sa.select(item_table.c.author, like_table.c.user)
        .join(item_table, item_table.c.id == like_table.c.item)
        .where(item_table.c.surface != Surface.comment)
        .distinct()
    )


def _count(
    connection: sa.Connection, column: Any, clause: Any, since: datetime, until: datetime
) -> int:
    query = sa.select(sa.func.count()).where(column >= since, column < until)
    if clause is not None:
        query = query.where(clause)
    return int(connection.execute(query).scalar_one())
