"""What is asked of the books: entries of an owner, and what stood on accounts at any time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from kouling.clock import in_utc
from kouling.settle.records import Account, AccountKind, Balance, Entry
from kouling.settle.table.audit import standing_before
from kouling.settle.table.ledger import balances, entries_query, read_entries
from kouling.settle.table.schema import account_table, entry_table, posting_table

entries_max = 1_000
"""Entries that are given at once."""

_accounts_of_owner = sa.select(account_table.c.id).where(
    account_table.c.owner == sa.bindparam("owner")
)
_first_from = (
    sa.select(entry_table.c.id)
    .where(entry_table.c.entered_at >= sa.bindparam("at"))
    .order_by(entry_table.c.entered_at, entry_table.c.id)
    .limit(1)
)
_last_until = (
    sa.select(entry_table.c.id)
    .where(entry_table.c.entered_at <= sa.bindparam("at"))
    .order_by(entry_table.c.entered_at.desc(), entry_table.c.id.desc())
    .limit(1)
)
_by_id = entries_query.where(entry_table.c.id.in_(sa.bindparam("ids", expanding=True)))
_span = entries_query.where(
    entry_table.c.id > sa.bindparam("after"), entry_table.c.id <= sa.bindparam("last")
)
_highest = sa.select(sa.func.max(entry_table.c.id))


def entries_of_owner(
    connection: sa.Connection, owner: str, span: tuple[int, int], size: int
) -> tuple[Entry, ...]:
    """Return the entries that move an owner's accounts, from after one id up to another."""
    after, last = span
    ids: set[int] = set()
    for account in connection.scalars(_accounts_of_owner, {"owner": owner}).all():
        for side in (posting_table.c.debit, posting_table.c.credit):
            query = (
                sa.select(posting_table.c.entry)
                .where(
                    side == account, posting_table.c.entry > after, posting_table.c.entry <= last
                )
                .order_by(posting_table.c.entry)
                .limit(size)
            )
            ids.update(connection.scalars(query))
    if not ids:
        return ()
    return tuple(read_entries(connection.execute(_by_id, {"ids": sorted(ids)[:size]})))


def span_of(
    connection: sa.Connection, since: datetime | None, until: datetime | None, after: int
) -> tuple[int, int]:
    """Return after which entry a span of time begins, and with which it ends."""
    if since is not None:
        first = connection.scalar(_first_from, {"at": in_utc(since)})
        if first is None:
            return 0, 0
        after = max(after, first - 1)
    if until is None:
        return after, connection.scalar(_highest) or 0
    return after, connection.scalar(_last_until, {"at": in_utc(until)}) or 0


def entries_between(connection: sa.Connection, span: tuple[int, int]) -> Iterator[Entry]:
    """Give all entries from after one id up to another."""
    after, last = span
    while after < last:
        part = min(after + entries_max, last)
        yield from read_entries(connection.execute(_span, {"after": after, "last": part}))
        after = part


def balances_at(connection: sa.Connection, at: datetime | None) -> list[Balance]:
    """Return what stood on all accounts at a time, by name; None is now."""
    if at is None:
        return balances(connection)
    at = in_utc(at)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    sums = {
        Account(AccountKind(row.kind), row.owner, row.currency): [row.posted, row.pending]
        for row in standing_before(connection, at)
    }
    first, last = span_of(connection, day, at, 0)
    for entry in entries_between(connection, (first, last)):
        for leg in entry.postings if entry.kind != "voided" else ():
            place = 1 if entry.kind == "pending" else 0
            sums[leg.debit][place] -= leg.amount.minor
            sums[leg.credit][place] += leg.amount.minor
    for debit, credit, minor in _released(connection, (first, last)):
        sums[debit][1] += minor
        sums[credit][1] -= minor
    found = [Balance(account=one, posted=p, pending=q) for one, (p, q) in sums.items()]
    return sorted(found, key=lambda balance: balance.account.name)


def _released(
    connection: sa.Connection, span: tuple[int, int]
) -> Iterator[tuple[Account, Account, int]]:
    """Give the legs of the estimates that were settled or voided in a span of entries."""
    after, last = span
    ends = sa.select(entry_table.c.refers).where(
        entry_table.c.id > after,
        entry_table.c.id <= last,
        entry_table.c.kind.in_(("posted", "voided")),
        entry_table.c.refers.is_not(None),
    )
    query = entries_query.where(entry_table.c.id.in_(ends), entry_table.c.kind == "pending")
    for entry in read_entries(connection.execute(query)):
        for leg in entry.postings:
            yield leg.debit, leg.credit, leg.amount.minor
