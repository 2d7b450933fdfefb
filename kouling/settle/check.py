"""The whole ledger is checked by code: what the database's constraints keep, once more."""

from __future__ import annotations

from kouling.db import Connection
from kouling.errors import LedgerError
from kouling.settle.ledger.rules import check_chain, sums_of
from kouling.settle.table.charges import wrong_charge
from kouling.settle.table.ledger import all_entries, balances


def check_ledger(connection: Connection) -> int:
    """Check the whole ledger by code and return the number of its entries.

    Raises `LedgerError` if the chain is broken, a balance differs from its postings, or a charge
    for a paid place differs from its posting.
    """
    entries = all_entries(connection)
    count = check_chain(entries)
    sums = sums_of(entries)
    for balance in balances(connection):
        if (balance.posted, balance.pending) != sums.get(balance.account, (0, 0)):
            raise LedgerError(f"{balance.account.name} differs from its postings")
    _check_charges(connection)
    return count


def _check_charges(connection: Connection) -> None:
    wrong = wrong_charge(connection)
    if wrong is not None:
        raise LedgerError(
            f"placement {wrong.placement!r:.80} was charged {wrong.charged} minor units on"
            f" {wrong.day}, and {wrong.paid} are posted",
            hint="" if wrong.paid else "let engine.settle.charges.post() post what is missing",
        )
