"""A conversion goes its way: paid, received, refunded; each step leaves its entries.

Paid: the commission is estimated and held (`pending`). Received: the estimate is settled
(`posted`). A refund voids an estimate, holding what remains anew, or reverses what was posted.
A sale that no share code led to leaves entries without postings, which say why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from kouling.clock import in_utc
from kouling.config import Settings
from kouling.db import Connection
from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.ids import check_id
from kouling.mint import Offer, load_offer
from kouling.money import Money, check_positive
from kouling.redeem import Touchpoint, touchpoints
from kouling.settle.attribution import last_touch
from kouling.settle.commission import commission_on
from kouling.settle.ledger.rules import (
    commission_postings,
    net_postings,
    open_estimate,
    reversal_postings,
)
from kouling.settle.records import (
    Conversion,
    ConversionState,
    ConversionStatus,
    Entry,
    EntryDraft,
    EntryKind,
    Memo,
    MemoKind,
    Posting,
    RateCard,
    Refund,
    Terms,
)
from kouling.settle.table.conversions import add_conversion, load_conversion, replace_conversion
from kouling.settle.table.ledger import append_entry


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
        state = _receive(connection, state, conversion.amount, terms, at)
    return state.entries[-1]


def refund_conversion(connection: Connection, refund: Refund, terms: Terms, at: datetime) -> Entry:
    """Book a refund and return the entry that stands for the conversion now."""
    state = load_conversion(connection, refund.conversion)
    if state is None:
        raise NotFound(f"conversion {refund.conversion!r:.80} is unknown", hint="settle it first")
    refunded = state.refunded + refund.amount
    if refunded.minor > state.conversion.amount.minor:
        raise InvalidInput(
            f"{refund.amount} can't be refunded: {state.rest} of {state.conversion.amount} is left",
            hint="refund at most that",
        )
    state = replace(state, refunded=refunded)
    replace_conversion(connection, state)
    estimate = open_estimate(state.entries)
    if estimate is not None:
        return _void(connection, state, estimate, terms, at).entries[-1]
    return _reverse(connection, state, terms, at).entries[-1]


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
    paid = replace(conversion, status=ConversionStatus.paid, converted_at=converted_at)
    touched = touchpoints(
        connection,
        paid.buyer,
        offer.merchant,
        converted_at - terms.attribution_window,
        converted_at,
    )
    state, memo = _attribute(paid, touched, offer, terms)
    add_conversion(connection, state)
    return _hold(connection, state, memo, terms, at)


def _attribute(
    conversion: Conversion, touched: Sequence[Touchpoint], offer: Offer, terms: Terms
) -> tuple[ConversionState, Memo]:
    """Say who earns a sale; where nobody does, the memo says why."""
    state = ConversionState(
        conversion=conversion,
        refunded=Money(0, conversion.amount.currency),
        merchant=offer.merchant,
        card=RateCard(offer.rate_bps, terms.platform_bps),
    )
    attributions = last_touch(touched)
    if not attributions:
        why = MemoKind.own_share_code if touched else MemoKind.no_share_code
        return state, Memo(why, days=terms.attribution_window.days)
    (sole,) = attributions  # a state has room for one who earns
    earned = replace(state, sharer=sole.touchpoint.sharer, redemption=sole.touchpoint.redemption)
    return earned, Memo(MemoKind.commission_estimated, amount=earned.rest)


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
) -> ConversionState:
    estimate = open_estimate(state.entries)
    if estimate is None or state.conversion.status == ConversionStatus.received:
        return state
    amount = max(confirmed, state.refunded, key=lambda money: money.minor)
    received = replace(state.conversion, status=ConversionStatus.received, amount=amount)
    state = replace(state, conversion=received)
    replace_conversion(connection, state)
    draft = EntryDraft(
        kind=EntryKind.posted,
        conversion=state.conversion.id,
        postings=_due(state, terms),
        memo=_memo(state, MemoKind.commission_settled, estimate),
        refers=estimate.id,
    )
    return _append(connection, state, draft, at)


def _hold(
    connection: Connection, state: ConversionState, memo: Memo, terms: Terms, at: datetime
) -> ConversionState:
    draft = EntryDraft(
        kind=EntryKind.pending,
        conversion=state.conversion.id,
        postings=_due(state, terms),
        memo=memo,
    )
    return _append(connection, state, draft, at)


def _void(
    connection: Connection, state: ConversionState, estimate: Entry, terms: Terms, at: datetime
) -> ConversionState:
    draft = EntryDraft(
        kind=EntryKind.voided,
        conversion=state.conversion.id,
        postings=estimate.postings,
        memo=Memo(MemoKind.refund, amount=state.refunded, of=state.conversion.amount),
        refers=estimate.id,
    )
    state = _append(connection, state, draft, at)
    if state.rest.minor == 0:
        return state
    memo = _memo(state, MemoKind.commission_estimated, estimate)
    return _hold(connection, state, memo, terms, at)


def _reverse(
    connection: Connection, state: ConversionState, terms: Terms, at: datetime
) -> ConversionState:
    posted = next((one for one in state.entries if one.kind is EntryKind.posted), None)
    if posted is None:  # voided to nothing before; the amount check lets nothing through
        return state
    draft = EntryDraft(
        kind=EntryKind.reversal,
        conversion=state.conversion.id,
        postings=reversal_postings(net_postings(state.entries), _due(state, terms)),
        memo=Memo(MemoKind.refund, amount=state.refunded, of=state.conversion.amount),
        refers=posted.id,
    )
    return _append(connection, state, draft, at)


def _append(
    connection: Connection, state: ConversionState, draft: EntryDraft, at: datetime
) -> ConversionState:
    entry = append_entry(connection, draft, at)
    return replace(state, entries=(*state.entries, entry))


def _memo(state: ConversionState, kind: MemoKind, estimate: Entry) -> Memo:
    """What a commission is on; where there is none, why not, as the estimate said it."""
    return estimate.memo if state.sharer is None else Memo(kind, amount=state.rest)


def _due(state: ConversionState, terms: Terms) -> tuple[Posting, ...]:
    """The postings that the conversion earns on what was not refunded."""
    if state.sharer is None or state.rest.minor == 0:
        return ()
    return commission_postings(
        commission_on(state.rest, state.card),
        merchant=state.merchant,
        sharer=state.sharer,
        platform=terms.platform,
    )
