"""Which of several reports of a sale stands, and what a refund leaves of it; pure.

Reports that say when they were made are snapshots: the newest stands, whatever order they come
in. Of the others the one that is furthest on stands: ordered, paid, received, cancelled.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from kouling.errors import Conflict, InvalidInput
from kouling.money import Money
from kouling.settle.records import Conversion, ConversionState, ConversionStatus, Refund

_order = list(ConversionStatus)


def supersedes(report: Conversion, known: Conversion) -> bool:
    """Whether a report takes the place of the one that stands."""
    further = _order.index(ConversionStatus(report.status)) - _order.index(known.status)
    if report.reported_at is None:
        return further > 0
    if known.reported_at is None:
        return True
    return report.reported_at > known.reported_at or (
        report.reported_at == known.reported_at and further > 0
    )


def check_same(known: Conversion, report: Conversion) -> None:
    """Raise `Conflict` for a report of another buyer or offer, naming what differs."""
    known.amount.check_currency(report.amount)
    wrong = [
        f"{name} is {ours!r:.80}, not {theirs!r:.80}"
        for name, ours, theirs in (
            ("buyer", known.buyer, report.buyer),
            ("offer", known.offer, report.offer),
        )
        if theirs is not None and ours is not None and ours != theirs
    ]
    if wrong:
        raise Conflict(
            f"conversion {report.id!r:.80} is known, and its {', its '.join(wrong)}",
            hint="a sale keeps its buyer and offer: report another one under another id or line",
        )


def amended(state: ConversionState, report: Conversion, key: str) -> ConversionState:
    """Return a sale as a report that stands tells it; `key` is under what the report is logged.

    A net amount has all refunds so far in it already.
    """
    known = state.conversion
    stands = replace(
        report,
        merchant=state.key.merchant,
        buyer=report.buyer or known.buyer,
        status=ConversionStatus(report.status),
        converted_at=report.converted_at or known.converted_at,
        reported_at=report.reported_at or known.reported_at,
    )
    zero = Money(0, known.amount.currency)
    netted = state.refunded if report.net else zero
    return replace(state, conversion=stands, netted=netted, report=key)


def cancelled(state: ConversionState, at: datetime) -> ConversionState:
    """Return a sale that is off since `at`: only a report made later takes it back."""
    reported_at = max(at, state.conversion.reported_at or at)
    stands = replace(state.conversion, status=ConversionStatus.cancelled, reported_at=reported_at)
    return replace(state, conversion=stands)


def refunded(state: ConversionState, refund: Refund) -> tuple[ConversionState, bool]:
    """Return a sale after a refund, and whether its net amount had it in it already.

    Raises `InvalidInput` for more than is left.
    """
    state.conversion.amount.check_currency(refund.amount)
    report = state.conversion
    known = report.net and None not in (refund.refunded_at, report.reported_at)
    netted = known and refund.refunded_at <= report.reported_at  # type: ignore[operator]  # both are there
    if netted:
        return replace(
            state, refunded=state.refunded + refund.amount, netted=state.netted + refund.amount
        ), True
    if refund.amount.minor > state.rest.minor:
        raise InvalidInput(
            f"{refund.amount} can't be refunded: {state.rest} of {report.amount} is left",
            hint="refund at most that",
        )
    return replace(state, refunded=state.refunded + refund.amount), False


def restored(state: ConversionState, amount: Money, netted: bool) -> ConversionState:
    """Return a sale after a refund was undone."""
    less = state.netted - amount if netted else state.netted
    return replace(state, refunded=state.refunded - amount, netted=less)
