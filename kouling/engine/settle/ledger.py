"""The inner door of the ledger: its balances, and whether it is in order."""

from __future__ import annotations

from kouling import settle
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.ids import UserId
from kouling.settle import Balance, Entry


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
    def entries(self, after: int = 0, size: int = 50) -> list[Entry]:
        """List entries in the order they were made, from behind the one of a number on."""
        with self._runtime.read() as connection:
            return settle.list_entries(connection, after, size)

    @verb
    def verify(self) -> int:
        """Check the ledger's chain and balances; return the number of entries.

        Raises `LedgerError` for the first thing that is wrong.
        """
        with self._runtime.read() as connection:
            return settle.check_ledger(connection)
