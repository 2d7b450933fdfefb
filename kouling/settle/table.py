"""Settle's tables: accounts, entries, postings; and how entries get there and are read back.

Constraints and triggers of the database keep the ledger's rules: entries and postings are
append-only, a posting is positive and within one currency, an estimate is settled or voided at
most once, balances follow from postings alone, nothing is reversed beyond what was posted, a
charge for a paid place has one posting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kouling.db import Id, Time, metadata
from kouling.deliver import Charge, charge_table, placement_table
from kouling.errors import LedgerError
from kouling.ids import ConversionId, EntryId, id_length_max
from kouling.money import Money
from kouling.settle.ledger.rules import check_chain, first_hash, seal
from kouling.settle.records import (
    Account,
    AccountKind,
    Balance,
    Conversion,
    ConversionState,
    ConversionStatus,
    Entry,
    EntryDraft,
    EntryKind,
    Posting,
    RateCard,
)

Name = sa.String(id_length_max + 32)

_sums = ("pending_debit", "pending_credit", "posted_debit", "posted_credit")

account_table = sa.Table(
    "account",
    metadata,
    sa.Column("name", Name, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("owner", Id, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in _sums),
    *(sa.CheckConstraint(f"{name} >= 0", name) for name in _sums),
    sa.UniqueConstraint("name", "currency"),
)

conversion_table = sa.Table(
    "conversion",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("buyer", Id, nullable=False),
    sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("refunded", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("converted_at", Time, nullable=False, index=True),
    sa.Column("redemption", sa.String(32), sa.ForeignKey("redemption.id")),
    sa.Column("merchant", Id, nullable=False),
    sa.Column("sharer", Id),
    sa.Column("rate_bps", sa.Integer, nullable=False),
    sa.Column("platform_bps", sa.Integer, nullable=False),
    sa.CheckConstraint("amount > 0", "amount"),
    sa.CheckConstraint("refunded BETWEEN 0 AND amount", "refunded"),
)

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
    sa.Column("debit", Name, nullable=False),
    sa.Column("credit", Name, nullable=False),
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


charge_posting_table = sa.Table(
    "charge_posting",
    metadata,
    sa.Column("placement", Id, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("viewer", Id, primary_key=True),
    sa.Column("entry", sa.BigInteger, nullable=False),
    sa.Column("leg", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(
        ["placement", "day", "viewer"],
        ["charge.placement", "charge.day", "charge.viewer"],
        name="fk_charge_posting_charge",
    ),
    sa.ForeignKeyConstraint(
        ["entry", "leg"], ["posting.entry", "posting.leg"], name="fk_charge_posting_posting"
    ),
    sa.UniqueConstraint("entry", "leg"),
)
"""Which posting pays for which charge: each charge one, each posting at most one."""

_charge_key = [charge_table.c[name] for name in ("placement", "day", "viewer")]
_charge_types = [column.type for column in _charge_key]
_same_charge = [column == charge_posting_table.c[column.name] for column in _charge_key]

_insert_entry, _insert_postings = entry_table.insert(), posting_table.insert()

_last_entry = (
    sa.select(entry_table.c.id, entry_table.c.hash).order_by(entry_table.c.id.desc()).limit(1)
)

_conversion_by_id = sa.select(conversion_table).where(conversion_table.c.id == sa.bindparam("id"))


def load_conversion(connection: sa.Connection, id: ConversionId) -> ConversionState | None:
    """Return what is known of a conversion, or None."""
    row = connection.execute(_conversion_by_id, {"id": id}).one_or_none()
    if row is None:
        return None
    conversion = Conversion(
        id=row.id,
        buyer=row.buyer,
        offer=row.offer,
        amount=Money(row.amount, row.currency),
        status=ConversionStatus(row.status),
        converted_at=row.converted_at,
    )
    return ConversionState(
        conversion=conversion,
        refunded=Money(row.refunded, row.currency),
        merchant=row.merchant,
        sharer=row.sharer,
        redemption=row.redemption,
        card=RateCard(row.rate_bps, row.platform_bps),
    )


def store_conversion(connection: sa.Connection, state: ConversionState) -> None:
    """Keep what is known of a conversion, in place of what was known before."""
    conversion = state.conversion
    values = {
        "buyer": conversion.buyer,
        "offer": conversion.offer,
        "amount": conversion.amount.minor,
        "refunded": state.refunded.minor,
        "currency": conversion.amount.currency,
        "status": conversion.status,
        "converted_at": conversion.converted_at,
        "redemption": state.redemption,
        "merchant": state.merchant,
        "sharer": state.sharer,
        "rate_bps": state.card.rate_bps,
        "platform_bps": state.card.platform_bps,
    }
    table = conversion_table
    known = connection.execute(table.update().where(table.c.id == conversion.id).values(values))
    if not known.rowcount:
        connection.execute(table.insert(), {**values, "id": conversion.id})


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
    connection.execute(_insert_entry, values)
    if entry.postings:
        connection.execute(_insert_postings, list(_posting_rows(entry)))
    return entry


def store_charge_postings(
    connection: sa.Connection, charges: Sequence[Charge], entry: Entry
) -> None:
    """Keep which leg of an entry pays for which charge; they stand in the same order."""
    connection.execute(
        charge_posting_table.insert(),
        [
            {
                "placement": charge.placement,
                "day": charge.day,
                "viewer": charge.viewer,
                "entry": entry.id,
                "leg": leg,
            }
            for leg, charge in enumerate(charges, 1)
        ],
    )


def unposted_charges(connection: sa.Connection, after: Charge | None, count: int) -> list[Charge]:
    """Return charges that have no posting, by placement and day, from `after` one on."""
    charge, placement = charge_table, placement_table
    joined = charge.join(placement, placement.c.id == charge.c.placement).outerjoin(
        charge_posting_table, sa.and_(*_same_charge)
    )
    query = (
        sa.select(charge, placement.c.advertiser, placement.c.currency)
        .select_from(joined)
        .where(charge_posting_table.c.entry.is_(None))
        .order_by(*_charge_key)
        .limit(count)
    )
    if after is not None:
        key = sa.tuple_(after.placement, after.day, after.viewer, types=_charge_types)
        query = query.where(sa.tuple_(*_charge_key) > key)
    return [
        Charge(
            placement=row.placement,
            advertiser=row.advertiser,
            viewer=row.viewer,
            day=row.day,
            amount=Money(row.amount, row.currency),
        )
        for row in connection.execute(query)
    ]


def unposted(connection: sa.Connection, charges: Iterable[Charge]) -> list[Charge]:
    """Return those of some charges that have no posting, in their order."""
    charges = list(charges)
    link = charge_posting_table.c
    keys = [(charge.placement, charge.day, charge.viewer) for charge in charges]
    query = sa.select(link.placement, link.day, link.viewer).where(
        sa.tuple_(link.placement, link.day, link.viewer).in_(keys)
    )
    posted = set(map(tuple, connection.execute(query)))
    return [charge for charge, key in zip(charges, keys, strict=True) if key not in posted]


def entries_of(connection: sa.Connection, conversion: ConversionId) -> list[Entry]:
    """Return the entries about a conversion, in the order they were made."""
    return _entries(connection, entry_table.c.conversion == conversion)


def balances(connection: sa.Connection, owner: str | None = None) -> list[Balance]:
    """Return the balances of all accounts, or of one owner's, by name."""
    table = account_table
    query = sa.select(table).order_by(table.c.name)
    if owner is not None:
        query = query.where(table.c.owner == owner)
    return [
        Balance(
            account=_account(row),
            posted=row.posted_credit - row.posted_debit,
            pending=row.pending_credit - row.pending_debit,
        )
        for row in connection.execute(query)
    ]


def check_ledger(connection: sa.Connection) -> int:
    """Check the whole ledger by code and return the number of its entries.

    Raises `LedgerError` if the chain is broken, a balance differs from its postings, or a charge
    for a paid place differs from its posting.
    """
    entries = _entries(connection, sa.true())
    count = check_chain(entries)
    folded = _fold(entries)
    for balance in balances(connection):
        expected = folded.get(balance.account, (0, 0))
        if (balance.posted, balance.pending) != expected:
            raise LedgerError(f"{balance.account.name} differs from its postings")
    _check_charges(connection)
    return count


def _check_charges(connection: sa.Connection) -> None:
    """Find a charge that is in no posting, or in one of another amount."""
    charge, link, posting = charge_table, charge_posting_table, posting_table
    leg = sa.and_(link.c.entry == posting.c.entry, link.c.leg == posting.c.leg)
    joined = charge.outerjoin(link, sa.and_(*_same_charge)).outerjoin(posting, leg)
    paid = sa.func.coalesce(posting.c.amount, 0)
    query = sa.select(charge, paid.label("paid")).select_from(joined)
    wrong = connection.execute(query.where(charge.c.amount != paid)).first()
    if wrong is not None:
        raise LedgerError(
            f"placement {wrong.placement!r:.80} was charged {wrong.amount} minor units on"
            f" {wrong.day}, and {wrong.paid} are posted",
            hint="" if wrong.paid else "let engine.settle.charges.post() post what is missing",
        )


def _fold(entries: Iterable[Entry]) -> dict[Account, tuple[int, int]]:
    """Balances (posted, pending) as the entries alone tell them."""
    sums: dict[Account, list[int]] = {}
    by_id = {}
    for entry in entries:
        by_id[entry.id] = entry
        column = 1 if entry.kind is EntryKind.pending else 0
        if entry.kind is not EntryKind.voided:
            _move(sums, entry.postings, column, 1)
        if entry.kind in (EntryKind.posted, EntryKind.voided) and entry.refers is not None:
            _move(sums, by_id[entry.refers].postings, 1, -1)
    return {account: (posted, pending) for account, (posted, pending) in sums.items()}


def _move(
    sums: dict[Account, list[int]], postings: Iterable[Posting], column: int, sign: int
) -> None:
    for leg in postings:
        sums.setdefault(leg.debit, [0, 0])[column] -= sign * leg.amount.minor
        sums.setdefault(leg.credit, [0, 0])[column] += sign * leg.amount.minor


def _open_accounts(connection: sa.Connection, postings: Iterable[Posting]) -> None:
    accounts = {a.name: a for leg in postings for a in (leg.debit, leg.credit)}
    known = connection.scalars(
        sa.select(account_table.c.name).where(account_table.c.name.in_(accounts))
    )
    for name in sorted(accounts.keys() - set(known)):
        account = accounts[name]
        connection.execute(
            account_table.insert(),
            {
                "name": name,
                "kind": account.kind,
                "owner": account.owner,
                "currency": account.currency,
            },
        )


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


def _entries(connection: sa.Connection, clause: Any) -> list[Entry]:
    debit, credit = account_table.alias("debit"), account_table.alias("credit")
    legs: dict[int, list[Posting]] = {}
    query = (
        sa.select(
            posting_table.c.entry,
            posting_table.c.amount,
            posting_table.c.currency,
            *(debit.c[name].label(f"debit_{name}") for name in ("kind", "owner")),
            *(credit.c[name].label(f"credit_{name}") for name in ("kind", "owner")),
        )
        .join(entry_table, entry_table.c.id == posting_table.c.entry)
        .join(debit, debit.c.name == posting_table.c.debit)
        .join(credit, credit.c.name == posting_table.c.credit)
        .where(clause)
        .order_by(posting_table.c.entry, posting_table.c.leg)
    )
    for row in connection.execute(query):
        legs.setdefault(row.entry, []).append(_posting(row))
    rows = connection.execute(sa.select(entry_table).where(clause).order_by(entry_table.c.id))
    return [_entry(row, tuple(legs.get(row.id, ()))) for row in rows]


def _posting(row: Any) -> Posting:
    return Posting(
        Account(AccountKind(row.debit_kind), row.debit_owner, row.currency),
        Account(AccountKind(row.credit_kind), row.credit_owner, row.currency),
        Money(row.amount, row.currency),
    )


def _entry(row: Any, postings: tuple[Posting, ...]) -> Entry:
    return Entry(
        id=row.id,
        kind=EntryKind(row.kind),
        conversion=row.conversion,
        postings=postings,
        memo=row.memo,
        entered_at=row.entered_at,
        previous=row.previous,
        refers=row.refers,
        hash=row.hash,
    )


def _account(row: Any) -> Account:
    return Account(AccountKind(row.kind), row.owner, row.currency)
