"""Entries get onto the ledger and are read back; accounts are opened as they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.errors import LedgerError
from kouling.ids import ConversionId, EntryId, UserId
from kouling.money import Money
from kouling.settle.ledger.rules import day_of, first_hash, seal
from kouling.settle.records import (
    About,
    Account,
    AccountKind,
    Balance,
    Entry,
    EntryDraft,
    EntryKind,
    Head,
    Memo,
    Posting,
    SaleTerms,
)
from kouling.settle.table.schema import (
    account_table,
    balance_day_table,
    conversion_table,
    entry_table,
    posting_table,
)

_debit, _credit = account_table.alias("debit"), account_table.alias("credit")

entries_query = (
    sa.select(
        entry_table,
        conversion_table.c.id.label("sale_id"),
        conversion_table.c.merchant,
        conversion_table.c.line,
        posting_table.c.amount,
        posting_table.c.currency,
        *(_debit.c[name].label(f"debit_{name}") for name in ("kind", "owner")),
        *(_credit.c[name].label(f"credit_{name}") for name in ("kind", "owner")),
    )
    .select_from(
        entry_table.outerjoin(conversion_table, conversion_table.c.no == entry_table.c.conversion)
        .outerjoin(posting_table, posting_table.c.entry == entry_table.c.id)
        .outerjoin(_debit, _debit.c.id == posting_table.c.debit)
        .outerjoin(_credit, _credit.c.id == posting_table.c.credit)
    )
    .order_by(entry_table.c.id, posting_table.c.leg)
)
"""A row for each leg; an entry without postings has one row without an amount."""

_of_sale = entries_query.where(entry_table.c.conversion == sa.bindparam("of"))
_last_entry = (
    sa.select(entry_table.c.id, entry_table.c.hash).order_by(entry_table.c.id.desc()).limit(1)
)
_accounts_of = sa.select(account_table).where(
    account_table.c.owner.in_(sa.bindparam("owners", expanding=True))
)
_open_account = account_table.insert().returning(account_table.c.id)
_insert_entry, _insert_postings = entry_table.insert(), posting_table.insert()

_posted = account_table.c.posted_credit - account_table.c.posted_debit
_pending = account_table.c.pending_credit - account_table.c.pending_debit

_close_day = balance_day_table.insert().from_select(
    ["account", "day", "posted", "pending"],
    sa.select(account_table.c.id, account_table.c.day, _posted, _pending).where(
        account_table.c.id == sa.bindparam("moved")
    ),
)
_begin_day = (
    account_table.update()
    .where(account_table.c.id == sa.bindparam("moved"))
    .values(day=sa.bindparam("today"))
)


def append_entry(connection: sa.Connection, draft: EntryDraft, at: datetime) -> Entry:
    """Seal an entry onto the end of the ledger and return it."""
    last = connection.execute(_last_entry).one_or_none()
    effective_at = at if draft.effective_at is None else min(draft.effective_at, at)
    sale = draft.sale
    entry = seal(
        Entry(
            id=EntryId(last.id + 1 if last else 1),
            kind=draft.kind,
            conversion=None if sale is None else sale.id,
            postings=draft.postings,
            memo=draft.memo,
            entered_at=at,
            effective_at=effective_at,
            merchant=None if sale is None else sale.merchant,
            line="" if sale is None else sale.line,
            about=draft.about,
            terms=draft.terms,
            refers=draft.refers,
        ),
        last.hash.hex() if last else first_hash,
    )
    ids = _move(connection, (*draft.postings, *draft.released), day_of(at))
    connection.execute(_insert_entry, _entry_row(entry, None if sale is None else sale.no))
    if entry.postings:
        connection.execute(_insert_postings, list(_posting_rows(entry, ids)))
    return entry


def entries_of(connection: sa.Connection, sale: int) -> list[Entry]:
    """Return the entries of a sale, in the order they were made."""
    return read_entries(connection.execute(_of_sale, {"of": sale}))


def head_of(connection: sa.Connection) -> Head:
    """Return the last entry's id and hash; where there is none, what the first is chained to."""
    last = connection.execute(_last_entry).one_or_none()
    return Head(EntryId(last.id), last.hash.hex()) if last else Head(EntryId(0), first_hash)


def balances(connection: sa.Connection, owner: str | None = None) -> list[Balance]:
    """Return the balances of all accounts, or of one owner's, by name."""
    query = sa.select(account_table)
    if owner is not None:
        query = query.where(account_table.c.owner == owner)
    found = [
        Balance(
            account=_account(row),
            posted=row.posted_credit - row.posted_debit,
            pending=row.pending_credit - row.pending_debit,
        )
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda balance: balance.account.name)


def available(connection: sa.Connection, account: Account) -> Money:
    """Return what may be taken from an account that doesn't fall below zero."""
    for row in connection.execute(_accounts_of, {"owners": [account.owner]}):
        if _account(row) == account:
            there = row.posted_credit - row.posted_debit - row.pending_debit
            return Money(max(there, 0), account.currency)
    return Money(0, account.currency)


def read_entries(rows: Iterable[Any]) -> list[Entry]:
    """Return the entries of the rows of `entries_query`."""
    return [_entry(list(legs)) for _, legs in groupby(rows, attrgetter("id"))]


def _move(connection: sa.Connection, postings: Iterable[Posting], today: int) -> dict[Account, int]:
    """Return the ids of all accounts that an entry moves; open new ones, end the others' day."""
    accounts = dict.fromkeys(a for leg in postings for a in (leg.debit, leg.credit))
    if not accounts:
        return {}
    owners = list({account.owner for account in accounts})
    known = {_account(row): row for row in connection.execute(_accounts_of, {"owners": owners})}
    ids: dict[Account, int] = {}
    for account in accounts:
        row = known.get(account)
        if row is None:
            new = {**msgspec.structs.asdict(account), "day": today}
            ids[account] = connection.execute(_open_account, new).scalar_one()
        else:
            ids[account] = row.id
            if row.day < today:
                connection.execute(_close_day, {"moved": row.id})
                connection.execute(_begin_day, {"moved": row.id, "today": today})
    return ids


def _account(row: Any) -> Account:
    return Account(AccountKind(row.kind), row.owner, row.currency)


def _entry_row(entry: Entry, sale: int | None) -> dict[str, Any]:
    about = entry.about
    return {
        "id": entry.id,
        "kind": entry.kind,
        "conversion": sale,
        "about_kind": None if about is None else about.kind,
        "about_id": None if about is None else about.id,
        "refers": entry.refers,
        "memo": _written(entry.memo),
        "terms": None if entry.terms is None else _written(entry.terms),
        "entered_at": entry.entered_at,
        "effective_at": entry.effective_at,
        "hash": bytes.fromhex(entry.hash),
    }


def _posting_rows(entry: Entry, ids: dict[Account, int]) -> Iterator[dict[str, Any]]:
    for number, leg in enumerate(entry.postings, 1):
        yield {
            "entry": entry.id,
            "leg": number,
            "kind": entry.kind,
            "debit": ids[leg.debit],
            "credit": ids[leg.credit],
            "currency": leg.amount.currency,
            "amount": leg.amount.minor,
        }


def _entry(legs: Sequence[Any]) -> Entry:
    row = legs[0]
    terms = None if row.terms is None else _read(row.terms, SaleTerms, row.id)
    return Entry(
        id=row.id,
        kind=EntryKind(row.kind),
        conversion=None if row.sale_id is None else ConversionId(row.sale_id),
        postings=tuple(_posting(leg) for leg in legs if leg.amount is not None),
        memo=_read(row.memo, Memo, row.id),
        entered_at=row.entered_at,
        effective_at=row.effective_at,
        merchant=None if row.sale_id is None else UserId(row.merchant),
        line=row.line or "",
        about=None if row.about_kind is None else About(row.about_kind, row.about_id),
        terms=terms,
        refers=row.refers,
        hash=row.hash.hex(),
    )


def _posting(row: Any) -> Posting:
    return Posting(
        Account(AccountKind(row.debit_kind), row.debit_owner, row.currency),
        Account(AccountKind(row.credit_kind), row.credit_owner, row.currency),
        Money(row.amount, row.currency),
    )


def _written(record: Memo | SaleTerms) -> str:
    return msgspec.json.encode(record).decode()


def _read(text: str, kind: Any, entry: int) -> Any:
    """What was written with an entry."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError:
        raise LedgerError(
            f"the memo of entry {entry} is not as it was written",
            hint="restore the ledger from a backup",
        ) from None
