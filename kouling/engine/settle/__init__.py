"""The door of settle: a conversion becomes balanced postings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from kouling import settle
from kouling.db import Connection
from kouling.engine.check import check_of
from kouling.engine.runtime import Runtime
from kouling.engine.settle.charges import ChargesDoor
from kouling.engine.settle.ledger import LedgerDoor
from kouling.engine.settle.sales import SalesDoor
from kouling.engine.spot import Spot
from kouling.engine.verb import verb
from kouling.errors import KoulingError
from kouling.eventlog import once
from kouling.settle import Cancellation, Conversion, Entry, Refund

Report = Conversion | Refund | Cancellation


class SettleDoor:
    """Called, it books what a sale earns; `sales`, `charges` and the `ledger` stand behind it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._terms = settle.terms_of(runtime.settings)
        self._check = check_of(Report, Spot("items"))
        self.sales = SalesDoor(runtime)
        self.charges = ChargesDoor(runtime)
        self.ledger = LedgerDoor(runtime)

    @verb
    def __call__(self, conversion: Conversion) -> Entry | None:
        """Book what a sale earns: an estimate when it is paid, settled when it is received.

        What stands after several reports is booked, whatever order they come in. The answer is
        the sale's latest entry; an ordered sale has none yet.
        """
        return self._book(conversion)

    @verb
    def refund(self, refund: Refund) -> Entry | None:
        """Book a refund: it voids an estimate, or takes back what was settled.

        One that comes before its sale waits for it, and has no entry yet.
        """
        return self._book(refund)

    @verb
    def cancel(self, cancellation: Cancellation) -> Entry | None:
        """Take back all that a sale earned; a cancellation that comes before its sale waits."""
        return self._book(cancellation)

    @verb
    def many(self, items: Iterable[Any]) -> tuple[Entry | KoulingError | None, ...]:
        """Book up to 1,000 conversions, refunds and cancellations in one transaction, in order.

        A bad one is answered with its error and does no harm to the others.
        """
        checked = self._runtime.checked_many(items, self._checked, settle.many_max)
        return self._runtime.many(checked, self._booked)

    def _book(self, report: Report) -> Entry | None:
        settle.check_report(report)
        return self._runtime.store.write(partial(self._booked, report=report))

    def _checked(self, item: Any) -> Report:
        report: Report = self._check(item)
        settle.check_report(report)
        return report

    def _booked(self, connection: Connection, report: Report) -> Entry | None:
        """Book a report in a transaction; the same one again is answered as before."""

        def act(at: datetime) -> Entry | None:
            if isinstance(report, Conversion):
                return settle.settle_conversion(connection, report, self._terms, at)
            if isinstance(report, Refund):
                return settle.refund_conversion(connection, report, at)
            return settle.cancel_conversion(connection, report, at)

        request = settle.request_of(connection, report)
        return once(connection, request, self._runtime.clock, Entry | None, act)
