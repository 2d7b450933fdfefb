"""The inner door of the ledger: its balances, its entries, and whether it is in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kouling import settle
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.errors import InvalidInput
from kouling.ids import UserId
from kouling.insight import Table
from kouling.settle import Balance, Entry, Head, LedgerFormat, Verified


class LedgerDoor:
    """The books; they are written by sales, refunds and charges alone."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def balances(self, owner: UserId | None = None) -> list[Balance]:
        """Return the ledger's balances, of all accounts or of one owner's."""
        with self._runtime.read() as connection:
            return settle.balances(connection, owner)

    @verb
    def trial_balance(self, as_of: datetime | None = None) -> Table:
        """Return what stands on each account, or stood at a time; each currency sums to zero."""
        with self._runtime.read() as connection:
            found = settle.balances_at(connection, as_of)
        rows = tuple((b.account.name, b.account.currency, b.pending, b.posted) for b in found)
        columns = ("account", "currency", "pending", "posted")
        return Table(name="trial_balance", columns=columns, rows=rows)

    @verb
    def entries(
        self,
        owner: UserId,
        since: datetime | None = None,
        until: datetime | None = None,
        after: int = 0,
        size: int = 100,
    ) -> tuple[Entry, ...]:
        """Return entries that move an owner's accounts, in order, from after an entry's id on."""
        if not 0 < size <= settle.entries_max:
            message = f"{size} entries at once"
            raise InvalidInput(message, hint=f"ask for 1 to {settle.entries_max}")
        with self._runtime.read() as connection:
            span = settle.span_of(connection, since, until, after)
            return settle.entries_of_owner(connection, owner, span, size)

    @verb
    def head(self) -> Head:
        """Return the last entry's id and hash; written down elsewhere, it finds a cut-off tail."""
        with self._runtime.read() as connection:
            return settle.head_of(connection)

    @verb
    def verify(self, since: Head | None = None) -> Verified:
        """Check the chain, the balances, and every sale against its entries and the event log.

        `since` is a head that must be in the ledger. Raises `LedgerError` for the first thing
        that is wrong.
        """
        with self._runtime.read() as connection:
            return settle.verify_ledger(connection, since)

    @verb
    def export(
        self,
        format: LedgerFormat | str,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[str]:
        """Write the ledger out, line by line, as `beancount`, `csv` or `jsonl`."""
        return self._lines(LedgerFormat(format), since, until)

    def _lines(
        self, format: LedgerFormat, since: datetime | None, until: datetime | None
    ) -> Iterator[str]:
        whole = format is LedgerFormat.beancount  # which begins with what stood before
        with self._runtime.read() as connection:
            span = settle.span_of(connection, None if whole else since, until, 0)
            entries = settle.entries_between(connection, span)
            if format is LedgerFormat.beancount:
                yield from settle.beancount_lines(entries, since)
            elif format is LedgerFormat.csv:
                yield from settle.csv_lines(entries)
            else:
                yield from settle.json_lines(entries)
