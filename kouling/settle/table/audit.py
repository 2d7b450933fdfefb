"""The books as they lie in the tables, part by part and in order, for whoever checks them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from kouling.eventlog import event_table
from kouling.settle.ledger.rules import day_of
from kouling.settle.records import ConversionState, Entry
from kouling.settle.table.ledger import entries_query, read_entries
from kouling.settle.table.sales import read_state
from kouling.settle.table.schema import (
    account_table,
    balance_day_table,
    conversion_table,
    entry_table,
    posting_table,
    refund_table,
    sums,
)

part_max = 5_000
"""Rows that are read at once."""

_entry_columns = (
    *("id", "kind", "conversion", "about_kind", "about_id", "refers", "memo", "terms"),
    *("entered_at", "effective_at", "hash"),
)
_entries = (
    sa.select(
        *(
            sa.type_coerce(entry_table.c[name], sa.BigInteger)
            if name.endswith("_at")
            else entry_table.c[name]
            for name in _entry_columns
        ),
        conversion_table.c.merchant,
        conversion_table.c.id,
        conversion_table.c.line,
    )
    .select_from(
        entry_table.outerjoin(conversion_table, conversion_table.c.no == entry_table.c.conversion)
    )
    .where(entry_table.c.id > sa.bindparam("after"))
    .order_by(entry_table.c.id)
    .limit(part_max)
)
_legs = (
    sa.select(
        *(
            posting_table.c[name]
            for name in ("entry", "kind", "debit", "credit", "currency", "amount", "leg")
        )
    )
    .where(
        posting_table.c.entry > sa.bindparam("after"), posting_table.c.entry <= sa.bindparam("last")
    )
    .order_by(posting_table.c.entry, posting_table.c.leg)
)
_accounts = sa.select(
    *(account_table.c[name] for name in ("id", "kind", "owner", "currency", "day", *sums))
)
_days = (
    sa.select(balance_day_table)
    .where(balance_day_table.c.no > sa.bindparam("after"))
    .order_by(balance_day_table.c.no)
    .limit(part_max)
)
_sales = (
    sa.select(conversion_table, event_table.c.request.label("event"))
    .select_from(
        conversion_table.outerjoin(
            event_table,
            sa.and_(
                event_table.c.verb == sa.literal_column("'settle'"),
                event_table.c.key == conversion_table.c.report,
            ),
        )
    )
    .where(conversion_table.c.no > sa.bindparam("after"))
    .order_by(conversion_table.c.no)
    .limit(part_max)
)
_entries_of_sales = entries_query.where(
    entry_table.c.conversion > sa.bindparam("after"),
    entry_table.c.conversion <= sa.bindparam("last"),
)
_refunds = sa.select(refund_table.c.sale, refund_table.c.amount, refund_table.c.netted).where(
    refund_table.c.sale > sa.bindparam("after"),
    refund_table.c.sale <= sa.bindparam("last"),
    refund_table.c.state == sa.literal_column("'applied'"),
)


def entry_rows(connection: sa.Connection) -> Iterator[tuple[Any, list[Any]]]:
    """Give all entries in the order of their ids, each with its legs, as they are kept."""
    after = 0
    while rows := connection.execute(_entries, {"after": after}).all():
        last = rows[-1][0]
        found = connection.execute(_legs, {"after": after, "last": last}).all()
        legs = {entry: list(group) for entry, group in groupby(found, itemgetter(0))}
        for row in rows:
            yield row, legs.get(row[0], [])
        after = last


def account_rows(connection: sa.Connection) -> list[Any]:
    """Return all accounts with their sums."""
    return list(connection.execute(_accounts).all())


def day_rows(connection: sa.Connection) -> Iterator[Any]:
    """Give what stood on accounts at the end of days, in the order in which it was kept."""
    after = 0
    while rows := connection.execute(_days, {"after": after}).all():
        yield from rows
        after = rows[-1].no


def sale_rows(
    connection: sa.Connection,
) -> Iterator[tuple[ConversionState, str | None, tuple[Entry, ...], list[Any]]]:
    """Give all sales, each with the report in the log that stands, its entries and refunds."""
    after = 0
    while rows := connection.execute(_sales, {"after": after}).all():
        span = {"after": after, "last": rows[-1].no}
        entries: dict[Any, list[Entry]] = {}
        for entry in read_entries(connection.execute(_entries_of_sales, span)):
            entries.setdefault((entry.merchant, entry.conversion, entry.line), []).append(entry)
        refunds: dict[int, list[Any]] = {}
        for refund in connection.execute(_refunds, span):
            refunds.setdefault(refund.sale, []).append(refund)
        for row in rows:
            key = (row.merchant, row.id, row.line)
            yield read_state(row), row.event, tuple(entries.get(key, ())), refunds.get(row.no, [])
        after = span["last"]


def standing_before(connection: sa.Connection, at: datetime) -> list[Any]:
    """Return all accounts with what stood on them when the day of `at` began."""
    today = day_of(at)
    day = balance_day_table.c
    latest = (
        sa.select(day.no)
        .where(day.account == account_table.c.id, day.day < today)
        .order_by(day.day.desc())
        .limit(1)
        .correlate(account_table)
        .scalar_subquery()
    )
    settled = account_table.c.day < today  # it has not moved since
    posted = account_table.c.posted_credit - account_table.c.posted_debit
    pending = account_table.c.pending_credit - account_table.c.pending_debit
    zero: Any = sa.literal_column("0")
    query = sa.select(
        account_table.c.kind,
        account_table.c.owner,
        account_table.c.currency,
        sa.case((settled, posted), else_=sa.func.coalesce(day.posted, zero)).label("posted"),
        sa.case((settled, pending), else_=sa.func.coalesce(day.pending, zero)).label("pending"),
    ).select_from(account_table.outerjoin(balance_day_table, day.no == latest))
    return list(connection.execute(query).all())
