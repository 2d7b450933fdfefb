"""A conversion goes its way: paid, received, refunded; each step leaves its entries.

Paid: the commission is estimated and held (`pending`). Received: the estimate is settled
(`posted`). A refund voids an estimate, holding what remains anew, or reverses what was posted.
A sale that no share code led to leaves entries without postings, which say why.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from kouling.clock import in_utc
from kouling.config import Settings
from kouling.db import Connection
from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.ids import check_id
from kouling.mint import Offer, load_offer
from kouling.money import Money, check_positive
from kouling.redeem import touchpoints
from kouling.settle.attribution import last_touch
from kouling.settle.commission import commission_on
from kouling.settle.ledger.rules import commission_postings, net_postings, reversal_postings
from kouling.settle.records import (
    Conversion,
    ConversionState,
    ConversionStatus,
    Entry,
    EntryDraft,
    EntryKind,
    Posting,
    RateCard,
    Refund,
    Terms,
)
from kouling.settle.table import append_entry, entries_of, load_conversion, store_conversion


def terms_of(settings: Settings) -> Terms:
    """Return the terms on which this installation settles."""
    return Terms(
        platform=settings.issuer,
        platform_bps=settings.platform_bps,
        attribution_window=timedelta(days=settings.attribution_window_days),
    )


def check_conversion(conversion: Conversion) -> None:
    """Raise `InvalidInput` unless the conversion can be settled."""
    check_id(conversion.id, "conversion id")
    check_id(conversion.buyer, "buyer id")
    check_positive(conversion.amount, "amount")
    if conversion.status not in list(ConversionStatus):
        raise InvalidInput(
            f"status {conversion.status!r:.60} is unknown",
            hint=f"known: {', '.join(ConversionStatus)}",
        )
    if conversion.converted_at is not None:
        in_utc(conversion.converted_at)


def check_refund(refund: Refund) -> None:
    """Raise `InvalidInput` unless the refund can be booked."""
    check_id(refund.id, "refund id")
    check_positive(refund.amount, "refund")


def settle_conversion(
    connection: Connection, conversion: Conversion, terms: Terms, at: datetime
) -> Entry:
    """Book what a conversion earns and return the entry that stands for it now.

    Reports may come late and out of order: a sale that is received first was paid, too.
    """
    state = load_conversion(connection, conversion.id)
    if state is None:
        state = _open(connection, conversion, terms, at)
    else:
        _check_same(state.conversion, conversion)
    if conversion.status == ConversionStatus.received:
        _receive(connection, state, conversion.amount, terms, at)
    return entries_of(connection, conversion.id)[-1]


def refund_conversion(connection: Connection, refund: Refund, terms: Terms, at: datetime) -> Entry:
    """Book a refund and return the entry that stands for the conversion now."""
    state = load_conversion(connection, refund.conversion)
    if state is None:
        raise NotFound(f"conversion {refund.conversion!r:.80} is unknown", hint="settle it first")
    refunded = state.refunded + refund.amount
    if refunded.minor > state.conversion.amount.minor:
        raise InvalidInput(
            f"{refund.amount} can't be refunded: {state.conversion.amount - state.refunded} of"
            f" {state.conversion.amount} is left",
            hint="refund at most that",
        )
    state = msgspec.structs.replace(state, refunded=refunded)
    store_conversion(connection, state)
    entries = entries_of(connection, refund.conversion)
    pending = _open_pending(entries)
    if pending is not None:
        return _void(connection, state, pending, terms, at)
    return _reverse(connection, state, entries, terms, at)


def _open(
    connection: Connection, conversion: Conversion, terms: Terms, at: datetime
) -> ConversionState:
    offer = load_offer(connection, conversion.offer)
    offer.price.check_currency(conversion.amount)
    converted_at = at if conversion.converted_at is None else in_utc(conversion.converted_at)
    if converted_at > at:
        raise InvalidInput(
            f"the sale is dated {converted_at.isoformat()}, after now", hint="mend converted_at"
        )
    paid = msgspec.structs.replace(
        conversion, status=ConversionStatus.paid, converted_at=converted_at
    )
    state, memo = _attribute(connection, paid, offer, terms)
    store_conversion(connection, state)
    _hold(connection, state, memo, terms, at)
    return state


def _attribute(
    connection: Connection, conversion: Conversion, offer: Offer, terms: Terms
) -> tuple[ConversionState, str]:
    assert conversion.converted_at is not None
    touched = touchpoints(
        connection,
        conversion.buyer,
        conversion.offer,
        conversion.converted_at - terms.attribution_window,
        conversion.converted_at,
    )
    state = ConversionState(
        conversion=conversion,
        refunded=Money(0, conversion.amount.currency),
        merchant=offer.merchant,
        card=RateCard(offer.rate_bps, terms.platform_bps),
    )
    for attribution in last_touch(touched):
        touchpoint = attribution.touchpoint
        state = msgspec.structs.replace(
            state, sharer=touchpoint.sharer, redemption=touchpoint.redemption
        )
        return state, f"commission on {conversion.amount}, estimated"
    why = "the buyer's own code" if touched else "no share code"
    days = terms.attribution_window.days
    return state, f"no commission: {why} led to the sale within {days} days"


def _check_same(known: Conversion, conversion: Conversion) -> None:
    known.amount.check_currency(conversion.amount)
    same = (known.buyer, known.offer) == (conversion.buyer, conversion.offer)
    if not same or conversion.amount.minor > known.amount.minor:
        raise Conflict(
            f"conversion {conversion.id!r:.80} is known with another buyer, offer or amount",
            hint="report it as it was paid; a lower amount may be confirmed at receipt",
        )


def _receive(
    connection: Connection, state: ConversionState, confirmed: Money, terms: Terms, at: datetime
) -> None:
    pending = _open_pending(entries_of(connection, state.conversion.id))
    if pending is None or state.conversion.status == ConversionStatus.received:
        return
    amount = max(confirmed, state.refunded, key=lambda money: money.minor)
    received = msgspec.structs.replace(
        state.conversion, status=ConversionStatus.received, amount=amount
    )
    state = msgspec.structs.replace(state, conversion=received)
    store_conversion(connection, state)
    draft = EntryDraft(
        kind=EntryKind.posted,
        conversion=state.conversion.id,
        postings=_due(state, terms),
        memo=pending.memo.replace("estimated", "settled"),
        refers=pending.id,
    )
    append_entry(connection, draft, at)


def _hold(
    connection: Connection, state: ConversionState, memo: str, terms: Terms, at: datetime
) -> Entry:
    draft = EntryDraft(
        kind=EntryKind.pending,
        conversion=state.conversion.id,
        postings=_due(state, terms),
        memo=memo,
    )
    return append_entry(connection, draft, at)


def _void(
    connection: Connection, state: ConversionState, pending: Entry, terms: Terms, at: datetime
) -> Entry:
    draft = EntryDraft(
        kind=EntryKind.voided,
        conversion=state.conversion.id,
        postings=pending.postings,
        memo=f"refund: {state.refunded} of {state.conversion.amount} in all",
        refers=pending.id,
    )
    voided = append_entry(connection, draft, at)
    if state.refunded == state.conversion.amount:
        return voided
    rest = state.conversion.amount - state.refunded
    return _hold(connection, state, f"commission on {rest}, estimated", terms, at)


def _reverse(
    connection: Connection, state: ConversionState, entries: list[Entry], terms: Terms, at: datetime
) -> Entry:
    posted = next((one for one in entries if one.kind is EntryKind.posted), None)
    if posted is None:  # voided to nothing before; the amount check lets nothing through
        return entries[-1]
    draft = EntryDraft(
        kind=EntryKind.reversal,
        conversion=state.conversion.id,
        postings=reversal_postings(net_postings(entries), _due(state, terms)),
        memo=f"refund: {state.refunded} of {state.conversion.amount} in all",
        refers=posted.id,
    )
    return append_entry(connection, draft, at)


def _due(state: ConversionState, terms: Terms) -> tuple[Posting, ...]:
    """The postings that the conversion earns on what was not refunded."""
    rest = state.conversion.amount - state.refunded
    if state.sharer is None or rest.minor == 0:
        return ()
    return commission_postings(
        commission_on(rest, state.card),
        merchant=state.merchant,
        sharer=state.sharer,
        platform=terms.platform,
    )


def _open_pending(entries: list[Entry]) -> Entry | None:
    settled = {one.refers for one in entries if one.kind in (EntryKind.posted, EntryKind.voided)}
    pending = [one for one in entries if one.kind is EntryKind.pending and one.id not in settled]
    return pending[-1] if pending else None
