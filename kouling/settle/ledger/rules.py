"""The ledger's rules: double entry, append-only, chained by hash; pure.

An estimate is a `pending` entry. It is `posted` when the goods are received or `voided`; what
was posted is taken back by a `reversal` and never more than was posted. What is no sale's, such as
the charge for a paid place, is `posted` at once. The database keeps the same rules by constraints;
here they are checked once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from kouling.errors import LedgerError
from kouling.money import Money
from kouling.settle.records import (
    Account,
    AccountKind,
    Commission,
    Entry,
    EntryKind,
    Posting,
)

first_hash = "0" * 64
"""What the first entry of a ledger is chained to."""

sum_max = 1 << 62
"""Largest sum of an account, either way, in minor units."""

_epoch = datetime(1970, 1, 1, tzinfo=UTC)
_microsecond = timedelta(microseconds=1)
_microseconds_a_day = timedelta(days=1) // _microsecond
_encode = msgspec.json.Encoder().encode


def day_of(at: datetime) -> int:
    """Return a moment's day in UTC, counted from 1970."""
    return (at - _epoch).days


def day_of_stored(at: int) -> int:
    """Return the same of a moment as it is stored, in microseconds."""
    return at // _microseconds_a_day


def commission_postings(
    commission: Commission, *, merchant: str, sharer: str, platform: str
) -> tuple[Posting, ...]:
    """Return the legs by which a merchant pays a commission; a leg of nothing is left out."""
    currency = commission.sharer.currency
    payer = Account(AccountKind.merchant, merchant, currency)
    legs = (
        (Account(AccountKind.sharer, sharer, currency), commission.sharer),
        (Account(AccountKind.platform, platform, currency), commission.platform),
    )
    return tuple(Posting(payer, payee, amount) for payee, amount in legs if amount.minor > 0)


def charge_postings(charges: Iterable[tuple[str, Money]], *, platform: str) -> tuple[Posting, ...]:
    """Return the legs by which merchants pay the platform, one for each charge."""
    return tuple(
        Posting(
            Account(AccountKind.merchant, payer, amount.currency),
            Account(AccountKind.platform, platform, amount.currency),
            amount,
        )
        for payer, amount in charges
    )


def difference(
    standing: Sequence[Posting], due: Sequence[Posting]
) -> tuple[tuple[Posting, ...], tuple[Posting, ...]]:
    """Return the legs that are to be posted, and those to be reversed, for what is due to stand."""
    wanted = {(leg.debit, leg.credit): leg.amount.minor for leg in due}
    more, less = [], []
    for leg in standing:
        change = wanted.pop((leg.debit, leg.credit), 0) - leg.amount.minor
        amount = Money(abs(change), leg.amount.currency)
        if change > 0:
            more.append(Posting(leg.debit, leg.credit, amount))
        elif change < 0:
            less.append(Posting(leg.credit, leg.debit, amount))
    more += [leg for leg in due if (leg.debit, leg.credit) in wanted]
    return tuple(more), tuple(less)


def clawback(leg: Posting, there: Money) -> tuple[Posting, ...]:
    """Return the legs that take back from a sharer what is there; the rest it owes.

    What was paid out already can't be taken, and stands on `receivable` until it is netted.
    """
    if leg.amount.minor <= there.minor:
        return (leg,)
    owes = Account(AccountKind.receivable, leg.debit.owner, leg.debit.currency)
    owed = Posting(owes, leg.credit, leg.amount - there)
    return (Posting(leg.debit, leg.credit, there), owed) if there.minor > 0 else (owed,)


def net_postings(entries: Iterable[Entry]) -> tuple[Posting, ...]:
    """Return what stands of posted entries after their reversals, leg by leg.

    What was taken back from what a sharer owes was taken back from the sharer.
    """
    net: dict[tuple[Account, Account], int] = {}
    for entry in entries:
        for leg in entry.postings:
            if entry.kind is EntryKind.posted:
                pair, sign = (leg.debit, leg.credit), 1
            elif entry.kind is EntryKind.reversal:
                pair, sign = (leg.credit, _earner(leg.debit)), -1
            else:
                continue
            net[pair] = net.get(pair, 0) + sign * leg.amount.minor
    return tuple(
        Posting(*pair, Money(minor, pair[0].currency)) for pair, minor in net.items() if minor > 0
    )


def open_estimate(entries: Sequence[Entry]) -> Entry | None:
    """Return the sale's pending entry that is neither settled nor voided, if there is one."""
    ended = {one.refers for one in entries if one.kind in (EntryKind.posted, EntryKind.voided)}
    pending = [one for one in entries if one.kind is EntryKind.pending and one.id not in ended]
    return pending[-1] if pending else None


def seal(entry: Entry, previous: str) -> Entry:
    """Return the entry with its hash; raise `LedgerError` if it breaks a rule."""
    _check(entry)
    return msgspec.structs.replace(entry, hash=entry_hash(entry, previous))


def entry_hash(entry: Entry, previous: str) -> str:
    """Return the SHA-256 over everything in an entry but its own hash, and the one before."""
    legs = [
        [
            *(leg.debit.kind, leg.debit.owner, leg.credit.kind, leg.credit.owner),
            *(leg.amount.currency, leg.amount.minor),
        ]
        for leg in entry.postings
    ]
    about: tuple[str | None, str | None, str] = (entry.merchant, entry.conversion, entry.line)
    if entry.about is not None:
        about = (entry.about.kind, entry.about.id, "")
    return sealed_hash(
        previous,
        (entry.id, entry.kind, *about, entry.refers, (entry.entered_at - _epoch) // _microsecond),
        (entry.effective_at - _epoch) // _microsecond,
        _encode(entry.memo).decode(),
        None if entry.terms is None else _encode(entry.terms).decode(),
        legs,
    )


def sealed_hash(previous: str, *parts: object) -> str:
    """Return the hash of an entry whose parts are written out: times, memo and terms."""
    return hashlib.sha256(_encode((previous, *parts))).hexdigest()


def _earner(account: Account) -> Account:
    if account.kind is AccountKind.receivable:
        return Account(AccountKind.sharer, account.owner, account.currency)
    return account


def _check(entry: Entry) -> None:
    for leg in entry.postings:
        currencies = {leg.debit.currency, leg.credit.currency, leg.amount.currency}
        if leg.amount.minor <= 0 or leg.debit == leg.credit or len(currencies) > 1:
            raise LedgerError(
                f"entry {entry.id}: {leg.amount} from {leg.debit.name} to {leg.credit.name}",
                hint="a posting moves a positive amount between two accounts of its currency",
            )
    is_final = entry.kind is EntryKind.posted and entry.about is not None
    if (entry.kind is EntryKind.pending or is_final) != (entry.refers is None):
        raise LedgerError(
            f"entry {entry.id}: all but pending entries and posted ones of no sale refer to another"
        )
    if (entry.conversion is None) == (entry.about is None):
        raise LedgerError(f"entry {entry.id}: an entry is of a sale or about something else")
