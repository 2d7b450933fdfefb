"""The ledger as it is kept: accounts, entries, postings; how they get there and are read back.

Constraints and triggers of the database keep the ledger's rules: entries and postings are
append-only, a posting is positive and within one currency, an estimate is settled or voided at
most once, balances follow from postings alone, nothing is reversed beyond what was posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.db import Id, Time, metadata
from kouling.errors import InvalidInput, LedgerError
from kouling.ids import ConversionId, EntryId, id_length_max
from kouling.money import Money
from kouling.settle.ledger.rules import first_hash, seal
from kouling.settle.records import (
    Account,
    AccountKind,
    Balance,
    Entry,
    EntryDraft,
    EntryKind,
    Memo,
    Posting,
)

_Name = sa.String(id_length_max + 32)

_sums = ("pending_debit", "pending_credit", "posted_debit", "posted_credit")

account_table = sa.Table(
    "account",
    metadata,
    sa.Column("name", _Name, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("owner", Id, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in _sums),
    *(sa.CheckConstraint(f"{name} >= 0", name) for name in _sums),
    sa.UniqueConstraint("name", "currency"),
)

listed_max = 500
"""Entries in one listing."""

entry_table = sa.Table(
    "entry",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("conversion", Id, sa.ForeignKey("conversion.id"), index=True),
    sa.Column("refers", sa.BigInteger, sa.ForeignKey("entry.id")),
    sa.Column("memo", sa.Text, nullable=False),
    sa.Column("entered_at", Time, nullable=False, index=True),
    sa.Column("previous", sa.String(64), nullable=False, unique=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.CheckConstraint("kind IN ('pending', 'posted', 'voided', 'reversal')", "kind"),
    sa.CheckConstraint(
        "(kind = 'pending' OR kind = 'posted' AND conversion IS NULL) = (refers IS NULL)", "refers"
    ),
    sa.Index(
        "uq_entry_settled_once",
        "refers",
        unique=True,
        sqlite_where=sa.text("kind IN ('posted', 'voided')"),
        postgresql_where=sa.text("kind IN ('posted', 'voided')"),
    ),
)

posting_table = sa.Table(
    "posting",
    metadata,
    sa.Column("entry", sa.BigInteger, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("leg", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("debit", _Name, nullable=False),
    sa.Column("credit", _Name, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.ForeignKeyConstraint(
        ["debit", "currency"], ["account.name", "account.currency"], name="fk_posting_debit"
    ),
    sa.ForeignKeyConstraint(
        ["credit", "currency"], ["account.name", "account.currency"], name="fk_posting_credit"
    ),
    sa.CheckConstraint("amount > 0", "amount"),
    sa.CheckConstraint("debit <> credit", "two_accounts"),
)

_debit, _credit = account_table.alias("debit"), account_table.alias("credit")

_entries = (
    sa.select(
        entry_table,
        posting_table.c.amount,
        posting_table.c.currency,
        *(_debit.c[name].label(f"debit_{name}") for name in ("kind", "owner")),
        *(_credit.c[name].label(f"credit_{name}") for name in ("kind", "owner")),
    )
    .select_from(
        entry_table.outerjoin(posting_table, posting_table.c.entry == entry_table.c.id)
        .outerjoin(_debit, _debit.c.name == posting_table.c.debit)
        .outerjoin(_credit, _credit.c.name == posting_table.c.credit)
    )
    .order_by(entry_table.c.id, posting_table.c.leg)
)
"""A row for each leg; an entry without postings has one row without an amount."""

_of_conversion = _entries.where(entry_table.c.conversion == sa.bindparam("of"))
_insert_account = account_table.insert()
_insert_entry, _insert_postings = entry_table.insert(), posting_table.insert()

_last_entry = (
    sa.select(entry_table.c.id, entry_table.c.hash).order_by(entry_table.c.id.desc()).limit(1)
)


def append_entry(connection: sa.Connection, draft: EntryDraft, at: datetime) -> Entry:
    """Seal an entry onto the end of the ledger and return it."""
    last = connection.execute(_last_entry).one_or_none()
    entry = seal(
        Entry(
            id=EntryId(last.id + 1 if last else 1),
            kind=draft.kind,
            conversion=draft.conversion,
            postings=draft.postings,
            memo=draft.memo,
            entered_at=at,
            previous=last.hash if last else first_hash,
            refers=draft.refers,
        )
    )
    _open_accounts(connection, entry.postings)
    values = {column.name: getattr(entry, column.name) for column in entry_table.c}
    connection.execute(_insert_entry, {**values, "memo": _written(entry.memo)})
    if entry.postings:
        connection.execute(_insert_postings, list(_posting_rows(entry)))
    return entry


def entries_of(connection: sa.Connection, conversion: ConversionId) -> list[Entry]:
    """Return the entries about a conversion, in the order they were made."""
    return _read(connection.execute(_of_conversion, {"of": conversion}))


def all_entries(connection: sa.Connection) -> list[Entry]:
    """Return the whole ledger, in the order it was made."""
    return _read(connection.execute(_entries))


def list_entries(connection: sa.Connection, after: int, size: int) -> list[Entry]:
    """Return entries in the order they were made, from behind the one of a number on."""
    if not 1 <= size <= listed_max or after < 0:
        hint = f"ask for 1 to {listed_max}, after the number of an entry"
        raise InvalidInput(f"{size} entries after {after} can't be listed", hint=hint)
    wanted = sa.select(entry_table.c.id).where(entry_table.c.id > after)
    wanted = wanted.order_by(entry_table.c.id).limit(size)
    found = [*connection.scalars(wanted)]
    return _read(connection.execute(_entries.where(entry_table.c.id.in_(found))))


def balances(connection: sa.Connection, owner: str | None = None) -> list[Balance]:
    """Return the balances of all accounts, or of one owner's, by name."""
    table = account_table
    query = sa.select(table).order_by(table.c.name)
    if owner is not None:
        query = query.where(table.c.owner == owner)
    return [
        Balance(
            account=Account(AccountKind(row.kind), row.owner, row.currency),
            posted=row.posted_credit - row.posted_debit,
            pending=row.pending_credit - row.pending_debit,
        )
        for row in connection.execute(query)
    ]


def _open_accounts(connection: sa.Connection, postings: Iterable[Posting]) -> None:
    accounts = {a.name: a for leg in postings for a in (leg.debit, leg.credit)}
    if not accounts:
        return
    known = connection.scalars(
        sa.select(account_table.c.name).where(account_table.c.name.in_(accounts))
    )
    missing = sorted(accounts.keys() - set(known))
    if missing:
        rows = [{"name": name, **msgspec.structs.asdict(accounts[name])} for name in missing]
        connection.execute(_insert_account, rows)


def _posting_rows(entry: Entry) -> Iterator[dict[str, Any]]:
    for number, leg in enumerate(entry.postings, 1):
        yield {
            "entry": entry.id,
            "leg": number,
            "debit": leg.debit.name,
            "credit": leg.credit.name,
            "currency": leg.amount.currency,
            "amount": leg.amount.minor,
        }


def _read(rows: Iterable[Any]) -> list[Entry]:
    return [_entry(list(legs)) for _, legs in groupby(rows, attrgetter("id"))]


def _entry(legs: Sequence[Any]) -> Entry:
    row = legs[0]
    return Entry(
        id=row.id,
        kind=EntryKind(row.kind),
        conversion=row.conversion,
        postings=tuple(_posting(leg) for leg in legs if leg.amount is not None),
        memo=_read_memo(row),
        entered_at=row.entered_at,
        previous=row.previous,
        refers=row.refers,
        hash=row.hash,
    )


def _posting(row: Any) -> Posting:
    return Posting(
        Account(AccountKind(row.debit_kind), row.debit_owner, row.currency),
        Account(AccountKind(row.credit_kind), row.credit_owner, row.currency),
        Money(row.amount, row.currency),
    )


def _written(memo: Memo) -> str:
    return msgspec.json.encode(memo).decode()


def _read_memo(row: Any) -> Memo:
    """The memo as it was written; a hash of the record alone would not see another spelling."""
    try:
        memo = msgspec.json.decode(row.memo, type=Memo)
    except msgspec.MsgspecError:
        memo = None
    if memo is None or _written(memo) != row.memo:
        raise LedgerError(
            f"the memo of entry {row.id} is not as it was written",
            hint="restore the ledger from a backup",
        )
    return memo
