"""The whole ledger is checked by code: what the database's constraints keep, once more.

The chain is followed from the first entry, all balances are folded again, what was kept at the
end of each day is compared, and every sale's row is held against its entries and the event log.
Nothing grows with the ledger but the estimates that are still open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import msgspec
from msgspec.structs import replace

from kouling.db import Connection
from kouling.errors import LedgerError
from kouling.ids import EntryId
from kouling.settle.ledger.rules import day_of_stored, first_hash, sealed_hash
from kouling.settle.records import (
    Conversion,
    ConversionState,
    ConversionStatus,
    Entry,
    Head,
    SaleTerms,
    Verified,
)
from kouling.settle.sale.amend import is_right
from kouling.settle.table.audit import account_rows, day_rows, entry_rows, sale_rows
from kouling.settle.table.charges import wrong_charge

_backup = "restore the ledger from a backup"
_sums = 4  # pending debit and credit, posted debit and credit, as the table has them


def verify_ledger(connection: Connection, since: Head | None = None) -> Verified:
    """Check the whole ledger and return how many entries it has, and its head.

    `since` is a head that was written down before: its entry must be there with its hash. Raises
    `LedgerError` naming the first entry, account or sale that is wrong.
    """
    accounts = {row[0]: tuple(row[1:4]) for row in account_rows(connection)}
    fold = _Fold(accounts, day_rows(connection))
    previous, count, entered_at, found = first_hash, 0, 0, since is None or since.id == 0
    for row, legs in entry_rows(connection):
        count += 1
        if row[0] != count or row[8] < entered_at:
            _refuse(f"entry {row[0]} is not in its place: entry {count} is missing")
        previous = _check_entry(row, legs, accounts, previous)
        if since is not None and row[0] == since.id:
            found = since.hash == previous
        fold.add(row, legs)
        entered_at = row[8]
    if not found:
        assert since is not None
        _refuse(f"entry {since.id} with the hash {since.hash:.16}… is not in the ledger")
    fold.end(account_rows(connection))
    for sale in sale_rows(connection):
        _check_sale(*sale)
    _check_charges(connection)
    return Verified(count, Head(EntryId(count), previous))


def _check_entry(row: Any, legs: Sequence[Any], accounts: dict[int, Any], previous: str) -> str:
    """Follow the chain by one entry, and return its hash."""
    id, kind, conversion, about_kind, about_id, refers, memo, terms, entered_at, effective_at = row[
        :10
    ]
    about = row[11:14] if conversion is not None else (about_kind, about_id, "")
    try:
        named = [
            [*accounts[debit][:2], *accounts[credit][:2], currency, amount]
            for _, _, debit, credit, currency, amount, _ in legs
        ]
    except KeyError as missing:
        _refuse(f"entry {id} moves account {missing.args[0]}, which is not there")
    head = (id, kind, *about, refers, entered_at)
    digest = sealed_hash(previous, head, effective_at, memo, terms, named)
    if bytes.fromhex(digest) != row[10]:
        _refuse(f"entry {id} does not fit the chain")
    for number, (_, own, debit, credit, currency, _, leg) in enumerate(legs, 1):
        wrong = {accounts[debit][2], accounts[credit][2]} != {currency}
        if own != kind or leg != number or wrong:
            _refuse(f"leg {leg} of entry {id} is of another kind, place or currency")
    return digest


class _Fold:
    """The sums of all accounts as the entries alone tell them, and what stood at days' ends."""

    def __init__(self, accounts: dict[int, Any], days: Iterator[Any]) -> None:
        self._accounts, self._days = accounts, days
        self._sums: dict[int, list[int]] = {}
        self._day: dict[int, int] = {}
        self._open: dict[int, Sequence[Any]] = {}

    def add(self, row: Any, legs: Sequence[Any]) -> None:
        """Take one entry more."""
        kind, refers, today = row[1], row[5], day_of_stored(row[8])
        released = self._open.pop(refers, ()) if kind in ("posted", "voided") else ()
        self._begin(today, (*legs, *released))
        if kind == "pending":
            self._open[row[0]] = legs
            self._move(legs, 0, 1)
        elif kind != "voided":
            self._move(legs, 2, 1)
        self._move(released, 0, -1)

    def end(self, rows: Sequence[Any]) -> None:
        """Compare all that was folded with what the accounts say."""
        for id, kind, owner, currency, day, *sums in rows:
            if self._sums.pop(id, [0] * _sums) != sums or self._day.get(id, day) != day:
                _refuse(f"{kind}:{owner}:{currency} differs from its postings")
        extra = next(self._days, None)
        if extra is not None:
            _refuse(f"{self._name(extra.account)} has a day {extra.day} that was not kept")

    def _begin(self, today: int, legs: Sequence[Any]) -> None:
        for account in dict.fromkeys(id for leg in legs for id in (leg[2], leg[3])):
            before = self._day.get(account)
            if before is not None and before < today:
                sums = self._sums[account]
                wanted = (account, before, sums[3] - sums[2], sums[1] - sums[0])
                kept = next(self._days, None)
                if kept is None or (kept.account, kept.day, kept.posted, kept.pending) != wanted:
                    _refuse(f"{self._name(account)} differs at the end of day {before}")
            self._day[account] = today

    def _move(self, legs: Sequence[Any], column: int, sign: int) -> None:
        for leg in legs:
            self._sums.setdefault(leg[2], [0] * _sums)[column] += sign * leg[5]
            self._sums.setdefault(leg[3], [0] * _sums)[column + 1] += sign * leg[5]

    def _name(self, account: int) -> str:
        return ":".join(self._accounts.get(account, ("account", str(account))))


def _check_sale(
    state: ConversionState, event: str | None, entries: tuple[Entry, ...], refunds: Sequence[Any]
) -> None:
    """Hold a sale's row against its entries, its refunds, and the report in the log."""
    name = f"conversion {state.key.id!r:.80} of {state.key.merchant!r:.80}"
    if event is None:
        _refuse(f"{name}: the event log has no report of it")
    report = msgspec.json.decode(event, type=Conversion)
    for what, kept, told in _told(state, report):
        if kept != told:
            _refuse(f"{name}: its {what} is {kept}, the event log says {told}")
    for what, kept, told in (
        ("refunded", state.refunded.minor, sum(row.amount for row in refunds)),
        ("netted", state.netted.minor, sum(row.amount for row in refunds if row.netted)),
    ):
        if kept != told and not (what == "netted" and report.net):
            _refuse(f"{name}: {what} is {kept}, its refunds are {told}")
    terms = [entry.terms for entry in entries if entry.terms is not None]
    if entries and (not terms or _parties(terms[-1]) != _parties(state.terms)):
        _refuse(f"{name}: its parties or rates are not those of its entries")
    if not is_right(replace(state, entries=entries)):
        _refuse(f"{name}: its entries are not what it earns")


def _parties(terms: SaleTerms) -> SaleTerms:
    """What a sale keeps of its terms; its buyer may be told later, and is held against the log."""
    return replace(terms, buyer=None, touchpoints=None)


def _told(state: ConversionState, report: Conversion) -> Iterator[tuple[str, Any, Any]]:
    known = state.conversion
    yield "id", state.key.id, report.id
    yield "line", state.key.line, report.line
    yield "offer", state.terms.offer, report.offer
    yield "amount", known.amount, report.amount
    yield "net", known.net, report.net
    if report.merchant is not None:
        yield "merchant", state.key.merchant, report.merchant
    if report.buyer is not None:
        yield "buyer", state.terms.buyer, report.buyer
    if report.converted_at is not None:
        yield "converted_at", known.converted_at, report.converted_at
    if known.status is not ConversionStatus.cancelled:  # of which a cancellation may have told
        yield "status", known.status, report.status


def _check_charges(connection: Connection) -> None:
    wrong = wrong_charge(connection)
    if wrong is not None:
        raise LedgerError(
            f"placement {wrong.placement!r:.80} was charged {wrong.charged} minor units on"
            f" {wrong.day}, and {wrong.paid} are posted",
            hint="" if wrong.paid else "let engine.settle.charges.post() post what is missing",
        )


def _refuse(message: str) -> NoReturn:
    raise LedgerError(message, hint=_backup)
