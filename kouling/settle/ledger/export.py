"""The ledger is written out: as CSV, as lines of JSON, or as a file of beancount; pure.

Entries come in one by one, lines go out, so a ledger of any length is written in little memory.
In beancount an account is `KIND:OWNER:CURRENCY` under one of its five roots; estimates are not
money that moved, and are left to the other two.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from kouling.money import minor_digits
from kouling.settle.records import Account, AccountKind, Entry, EntryKind

columns = (
    *("entry", "leg", "kind", "entered_at", "effective_at", "merchant", "conversion", "line"),
    *("about_kind", "about_id", "refers", "memo", "debit", "credit", "amount", "currency", "hash"),
)
"""What is written of each leg; an entry without legs has one row without them."""

_roots = {
    AccountKind.merchant: "Assets:Merchant",
    AccountKind.sharer: "Liabilities:Sharer",
    AccountKind.platform: "Income:Platform",
    AccountKind.leader: "Liabilities:Leader",
    AccountKind.receivable: "Assets:Receivable",
    AccountKind.payout: "Liabilities:Payout",
    AccountKind.tax: "Liabilities:Tax",
    AccountKind.packet: "Liabilities:Packet",
    AccountKind.funder: "Liabilities:Funder",
    AccountKind.cash: "Assets:Cash",
}

_opening = "Equity:Opening"


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Write a head and a line for each leg."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for entry in entries:
        writer.writerows(_rows(entry))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Write an object for each leg, with the same names."""
    for entry in entries:
        for row in _rows(entry):
            yield msgspec.json.encode(dict(zip(columns, row, strict=True))).decode() + "\n"


def beancount_lines(entries: Iterable[Entry], since: datetime | None = None) -> Iterator[str]:
    """Write a beancount file of all entries from a time on, with what stood before as its opening.

    Each account is opened where it is used first, and asserted at the end of each month.
    """
    books = _Books()
    month: date | None = None
    for entry in entries:
        day = entry.entered_at.date()
        if month is not None and day >= _next_month(month):
            yield from books.assertions(_next_month(month))
        month = day.replace(day=1)
        if since is not None and entry.entered_at < since:
            books.move(entry)
            continue
        yield from books.opening(day)
        yield from books.written(entry, day)
    if month is not None:
        yield from books.opening(month)
        yield from books.assertions(_next_month(month))


def account_name(account: Account) -> str:
    """Return the name of an account in beancount: safe, and no other account's."""
    letters = (c if c.isascii() and c.isalnum() else f"-{ord(c):x}-" for c in account.owner)
    owner = "".join(letters)
    plain = owner[0].isdigit() or owner[0].isupper()
    return f"{_roots[account.kind]}:{owner if plain else 'X-' + owner}:{account.currency}"


class _Books:
    """What stands on the accounts so far, debits above zero, and which of them are opened."""

    def __init__(self) -> None:
        self._sums: dict[Account, int] = {}
        self._opened: set[str] = set()
        self._begun = False

    def move(self, entry: Entry) -> None:
        """Take an entry into account without writing it."""
        if entry.kind not in (EntryKind.posted, EntryKind.reversal):
            return
        for leg in entry.postings:
            self._sums[leg.debit] = self._sums.get(leg.debit, 0) + leg.amount.minor
            self._sums[leg.credit] = self._sums.get(leg.credit, 0) - leg.amount.minor

    def opening(self, day: date) -> Iterator[str]:
        """Write what stood before the first entry that is written."""
        if self._begun:
            return
        self._begun = True
        standing = {account: minor for account, minor in self._sums.items() if minor}
        if not standing:
            return
        for account in standing:
            yield from self._open(account, day)
        for currency in sorted({account.currency for account in standing}):
            yield f"{day} open {_opening}:{currency} {currency}\n"
            yield f'{day} * "opening"\n'
            for account, minor in standing.items():
                if account.currency == currency:
                    yield f"  {account_name(account)}  {_amount(minor, currency)}\n"
            yield f"  {_opening}:{currency}\n\n"

    def written(self, entry: Entry, day: date) -> Iterator[str]:
        """Write an entry as a transaction."""
        self.move(entry)
        if entry.kind not in (EntryKind.posted, EntryKind.reversal) or not entry.postings:
            return
        for account in dict.fromkeys(a for leg in entry.postings for a in (leg.debit, leg.credit)):
            yield from self._open(account, day)
        yield f'{day} * "{entry.kind} {entry.id}"\n  entry: {entry.id}\n'
        for leg in entry.postings:
            currency = leg.amount.currency
            yield f"  {account_name(leg.debit)}  {_amount(leg.amount.minor, currency)}\n"
            yield f"  {account_name(leg.credit)}  {_amount(-leg.amount.minor, currency)}\n"
        yield "\n"

    def assertions(self, day: date) -> Iterator[str]:
        """Write what stands on each open account when a day begins."""
        for account, minor in self._sums.items():
            name = account_name(account)
            if name in self._opened:
                yield f"{day} balance {name}  {_amount(minor, account.currency)}\n"

    def _open(self, account: Account, day: date) -> Iterator[str]:
        name = account_name(account)
        if name not in self._opened:
            self._opened.add(name)
            yield f"{day} open {name} {account.currency}\n"


def _rows(entry: Entry) -> Iterator[list[object]]:
    about = entry.about
    head = [
        *(entry.kind.value, entry.entered_at.isoformat(), entry.effective_at.isoformat()),
        *(entry.merchant, entry.conversion, entry.line),
        *((None, None) if about is None else (about.kind, about.id)),
        *(entry.refers, entry.memo.kind.value),
    ]
    if not entry.postings:
        yield [entry.id, None, *head, None, None, None, None, entry.hash]
    for number, leg in enumerate(entry.postings, 1):
        amount = leg.amount
        accounts = (leg.debit.name, leg.credit.name)
        yield [entry.id, number, *head, *accounts, amount.minor, amount.currency, entry.hash]


def _amount(minor: int, currency: str) -> str:
    digits = minor_digits[currency]
    whole, rest = divmod(abs(minor), 10**digits)
    number = f"{whole}.{rest:0{digits}d}" if digits else str(whole)
    return f"{'-' if minor < 0 else ''}{number} {currency}"


def _next_month(month: date) -> date:
    if month.month == 12:
        return date(month.year + 1, 1, 1)
    return date(month.year, month.month + 1, 1)
