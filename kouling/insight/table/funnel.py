"""What the funnel reads: how often each stage happened on a day, and what entries moved."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kouling.deliver import impression_table, like_table
from kouling.gate import Visibility, decision_table, item_table
from kouling.insight.records import Day
from kouling.money import Money
from kouling.people import follow_table
from kouling.redeem import redemption_table
from kouling.settle import EntryKind, conversion_table, entry_table, posting_table


def stage_counts(connection: sa.Connection, day: Day) -> list[tuple[str, int]]:
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
    return [(name, _count(connection, column, clause, day)) for name, column, clause in stages]


def commission_sums(connection: sa.Connection, day: Day) -> list[tuple[EntryKind, Money, Money]]:
    """Return what the day's entries of each kind moved, and before that what of it stands.

    At the end of the day nothing stands of an estimate that was settled or voided, and of what was
    posted what was not reversed. They come per currency, in the order of the kinds.
    """
    moved, ended = _sums(connection, day), _ended(connection, day)
    found = []
    for kind in EntryKind:
        for currency in sorted({currency for _, currency in moved}):
            minor = moved.get((kind, currency))
            if minor is None:
                continue
            stands = minor - ended.get((kind, currency), 0)
            found.append((kind, Money(stands, currency), Money(minor, currency)))
    return found


def _sums(connection: sa.Connection, day: Day) -> dict[tuple[EntryKind, str], int]:
    """Return what the day's entries of each kind moved."""
    entry, posting = entry_table.c, posting_table.c
    query = (
        sa.select(entry.kind, posting.currency, sa.func.sum(posting.amount).label("minor"))
        .join(posting_table, posting.entry == entry.id)
        .where(entry.conversion.is_not(None))  # charges for paid places are no commission
        .where(entry.entered_at >= day.since, entry.entered_at < day.until)
        .group_by(entry.kind, posting.currency)
    )
    return {(EntryKind(r.kind), r.currency): int(r.minor) for r in connection.execute(query)}


def _ended(connection: sa.Connection, day: Day) -> dict[tuple[EntryKind, str], int]:
    """Return what of the day's estimates and settled commission others ended on that day."""
    ending = entry_table.alias("ending")
    entry, posting = entry_table.c, posting_table.c
    took_back = ending.c.kind == EntryKind.reversal
    query = (
        sa.select(entry.kind, posting.currency, sa.func.sum(posting.amount).label("minor"))
        .select_from(ending)
        .join(entry_table, entry.id == ending.c.refers)
        .join(posting_table, posting.entry == sa.case((took_back, ending.c.id), else_=entry.id))
        .where(ending.c.entered_at >= day.since, ending.c.entered_at < day.until)
        .where(entry.entered_at >= day.since)
        .where(
            sa.or_(
                entry.kind == EntryKind.pending,
                sa.and_(entry.kind == EntryKind.posted, took_back),
            )
        )
        .group_by(entry.kind, posting.currency)
    )
    return {(EntryKind(r.kind), r.currency): int(r.minor) for r in connection.execute(query)}


def _count(connection: sa.Connection, column: Any, clause: Any, day: Day) -> int:
    query = sa.select(sa.func.count()).where(column >= day.since, column < day.until)
    if clause is not None:
        query = query.where(clause)
    return int(connection.execute(query).scalar_one())
