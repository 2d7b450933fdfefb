"""The ledger's rules: double entry, append-only, chained by hash; pure.

An estimate is a `pending` entry. It is `posted` when the goods are received or `voided`; what
was posted is taken back by a `reversal` and never more than was posted. What is no sale's, such as
the charge for a paid place, is `posted` at once. The database keeps the same rules by constraints;
here they are checked once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from kouling.errors import LedgerError
from kouling.money import Money
from kouling.settle.records import Account, AccountKind, Commission, Entry, EntryKind, Posting

first_hash = "0" * 64
"""What the first entry of a ledger names as its previous hash."""


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


def reversal_postings(
    standing: Sequence[Posting], remaining: Sequence[Posting]
) -> tuple[Posting, ...]:
    """Return the legs that bring what stands down to what shall remain, credit back to debit."""
    keep = {(leg.debit, leg.credit): leg.amount for leg in remaining}
    legs = []
    for leg in standing:
        rest = keep.get((leg.debit, leg.credit), Money(0, leg.amount.currency))
        if rest.minor > leg.amount.minor:
            raise LedgerError(f"{rest} can't remain of {leg.amount}", hint="reverse, don't add")
        legs.append(Posting(leg.credit, leg.debit, leg.amount - rest))
    return tuple(leg for leg in legs if leg.amount.minor > 0)


def net_postings(entries: Iterable[Entry]) -> tuple[Posting, ...]:
    """Return what stands of posted entries after their reversals, leg by leg."""
    net: dict[tuple[Account, Account], Money] = {}
    for entry in entries:
        for leg in entry.postings:
            zero = Money(0, leg.amount.currency)
            if entry.kind is EntryKind.posted:
                pair = (leg.debit, leg.credit)
                net[pair] = net.get(pair, zero) + leg.amount
            elif entry.kind is EntryKind.reversal:
                pair = (leg.credit, leg.debit)
                net[pair] = net.get(pair, zero) - leg.amount
    return tuple(Posting(*pair, amount) for pair, amount in net.items() if amount.minor > 0)


def open_estimate(entries: Sequence[Entry]) -> Entry | None:
    """Return the sale's pending entry that is neither settled nor voided, if there is one."""
    ended = {one.refers for one in entries if one.kind in (EntryKind.posted, EntryKind.voided)}
    pending = [one for one in entries if one.kind is EntryKind.pending and one.id not in ended]
    return pending[-1] if pending else None


def sums_of(entries: Iterable[Entry]) -> dict[Account, tuple[int, int]]:
    """Return what stands on each account, posted and pending, as the entries alone tell it."""
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


def seal(entry: Entry) -> Entry:
    """Return the entry with its hash; raise `LedgerError` if it breaks a rule."""
    _check(entry)
    return msgspec.structs.replace(entry, hash=entry_hash(entry))


def entry_hash(entry: Entry) -> str:
    """Return the SHA-256 over everything in the entry but its own hash."""
    body = msgspec.json.encode(msgspec.structs.replace(entry, hash=""))
    return hashlib.sha256(body).hexdigest()


def check_chain(entries: Iterable[Entry]) -> int:
    """Walk the ledger from its first entry and return how many there are.

    Raises `LedgerError` at the first entry that was changed, removed or put in.
    """
    previous, count = first_hash, 0
    for entry in entries:
        if entry.previous != previous or entry.hash != entry_hash(entry):
            raise LedgerError(
                f"entry {entry.id} does not fit the chain", hint="restore the ledger from a backup"
            )
        previous, count = entry.hash, count + 1
    return count


def _check(entry: Entry) -> None:
    for leg in entry.postings:
        currencies = {leg.debit.currency, leg.credit.currency, leg.amount.currency}
        if leg.amount.minor <= 0 or leg.debit == leg.credit or len(currencies) > 1:
            raise LedgerError(
                f"entry {entry.id}: {leg.amount} from {leg.debit.name} to {leg.credit.name}",
                hint="a posting moves a positive amount between two accounts of its currency",
            )
    is_final = entry.kind is EntryKind.posted and entry.conversion is None
    if (entry.kind is EntryKind.pending or is_final) != (entry.refers is None):
        raise LedgerError(
            f"entry {entry.id}: all but pending entries and posted ones of no sale refer to another"
        )


def _move(
    sums: dict[Account, list[int]], postings: Iterable[Posting], column: int, sign: int
) -> None:
    for leg in postings:
        sums.setdefault(leg.debit, [0, 0])[column] -= sign * leg.amount.minor
        sums.setdefault(leg.credit, [0, 0])[column] += sign * leg.amount.minor
