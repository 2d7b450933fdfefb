"""What insight reads: counts of what happened between two moments. It writes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.deliver import impression_table, like_table
from kouling.gate import (
    Decision,
    Surface,
    Visibility,
    decision_table,
    item_picture_table,
    item_table,
    picture_look_table,
)
from kouling.ids import UserId
from kouling.insight.pictures import Costs, Posted
from kouling.money import Money
from kouling.people import follow_table
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


def pictures_posted(connection: sa.Connection, since: datetime, until: datetime) -> Posted:
    """Return how many pictures items have that were posted, and how many were known by then."""
    before = sa.case((picture_look_table.c.looked_at < item_table.c.posted_at, 1), else_=0)
    joined = item_picture_table.join(
        item_table, item_table.c.id == item_picture_table.c.item
    ).outerjoin(picture_look_table, picture_look_table.c.sha256 == item_picture_table.c.picture)
    query = sa.select(sa.func.count(), sa.func.sum(before)).select_from(joined)
    count, known = connection.execute(query.where(*_posted(since, until))).one()
    return Posted(int(count), int(known or 0))


def picture_costs(connection: sa.Connection, since: datetime, until: datetime) -> Costs:
    """Return how many pictures were looked into, and what that took.

    A picture counts at its latest look, with all that it took so far.
    """
    look = picture_look_table.c
    then = sa.and_(look.looked_at >= since, look.looked_at < until)
    query = sa.select(sa.func.count(), sa.func.max(look.memory_mb)).where(then)
    count, peak = connection.execute(query).one()
    if not count:
        return Costs(0)
    ranked = sa.select(look.cpu_ms).where(then).order_by(look.cpu_ms).limit(1)
    middle, late = (
        connection.execute(ranked.offset(-(-count * percent // 100) - 1)).scalar_one()
        for percent in (50, 99)
    )
    return Costs(int(count), middle, late, peak)


def pictures_not_inspected(
    connection: sa.Connection, since: datetime, until: datetime
) -> dict[str, int]:
    """Return how many pictures of items that were posted are not inspected, by reason."""
    query = (
        sa.select(decision_table.c.body)
        .join(item_table, item_table.c.id == decision_table.c.item)
        .where(*_posted(since, until), decision_table.c.body.contains('"not_inspected"'))
    )
    found: Counter[str] = Counter()
    for body in connection.scalars(query):
        decision = msgspec.json.decode(body, type=Decision)
        by_place = {
            one.picture: one.evidence[0].removeprefix(f"picture {one.picture}: ")
            for one in reversed(decision.signals)
            if one.kind == "not_inspected" and one.picture
        }
        found.update(by_place.values())
    return dict(found)


def _posted(since: datetime, until: datetime) -> tuple[Any, Any]:
    return item_table.c.posted_at >= since, item_table.c.posted_at < until


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
