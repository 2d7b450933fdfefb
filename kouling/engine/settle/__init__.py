"""The door of settle: a conversion becomes balanced postings."""

from __future__ import annotations

from kouling import settle
from kouling.engine.runtime import Runtime
from kouling.engine.settle.charges import ChargesDoor
from kouling.engine.settle.ledger import LedgerDoor
from kouling.engine.verb import verb
from kouling.eventlog import Request, natural_key
from kouling.settle import Conversion, Entry, Refund


class SettleDoor:
    """Called, it books what a sale earns; `charges` and the `ledger` stand behind it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.charges = ChargesDoor(runtime)
        self.ledger = LedgerDoor(runtime)

    @verb
    def __call__(self, conversion: Conversion) -> Entry:
        """Book what a sale earns: an estimate when it is paid, settled when it is received."""
        settle.check_conversion(conversion)
        request = Request("settle", natural_key(conversion.id, conversion.status), conversion)
        terms = settle.terms_of(self._runtime.settings)
        return self._runtime.once(
            request, Entry, lambda c, at: settle.settle_conversion(c, conversion, terms, at)
        )

    @verb
    def refund(self, refund: Refund) -> Entry:
        """Book a refund: it voids an estimate, or takes back what was settled."""
        settle.check_refund(refund)
        request = Request("refund", natural_key(refund.id), refund)
        terms = settle.terms_of(self._runtime.settings)
        return self._runtime.once(
            request, Entry, lambda c, at: settle.refund_conversion(c, refund, terms, at)
        )
