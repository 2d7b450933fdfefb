"""A sale goes its way: reported, refunded, cancelled; each step leaves its entries.

Paid: the commission is estimated and held (`pending`). Received: the estimate is settled
(`posted`). A refund voids an estimate, holding what remains anew, or reverses what was posted.
A sale that no share code led to leaves entries without postings, which say why. What comes before
its sale waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from kouling.clock import in_utc
from kouling.config import Settings
from kouling.db import Connection
from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.eventlog import Request, natural_key
from kouling.gate import bans
from kouling.ids import ConversionId, UserId, check_id
from kouling.mint import Offer, ShareCode, code_state, load_offer
from kouling.money import Money, bps_max, check_positive
from kouling.redeem import Touchpoint, touchpoints, touchpoints_max
from kouling.settle.attribution import last_touch
from kouling.settle.ledger.rules import clawback, net_postings, open_estimate
from kouling.settle.records import (
    AccountKind,
    Attribution,
    Cancellation,
    Conversion,
    ConversionState,
    ConversionStatus,
    Entry,
    EntryKind,
    Memo,
    MemoKind,
    Posting,
    Refund,
    Sale,
    SaleKey,
    SaleTerms,
    Terms,
)
from kouling.settle.sale.amend import next_draft
from kouling.settle.sale.life import (
    amended,
    cancelled,
    check_same,
    refunded,
    restored,
    supersedes,
)
from kouling.settle.table.ledger import append_entry, available
from kouling.settle.table.sales import (
    add_cancellation,
    add_refund,
    add_sale,
    change_refund,
    held_of,
    known_cancellation,
    known_refund,
    load_sale,
    load_sale_of,
    merchant_of,
    read_refund,
    refunds_of,
    replace_sale,
    take_cancellations,
    waiting_refunds,
)

ahead_max = timedelta(minutes=5)
"""How far a report's own clock may be ahead of ours."""

many_max = 1_000
"""Reports in one call."""

steps_max = 8
"""Entries that one report may lead to; more would be a fault of ours."""


def terms_of(settings: Settings) -> Terms:
    """Return the terms on which this installation settles."""
    return Terms(
        platform=settings.issuer,
        platform_bps=settings.platform_bps,
        attribution_window=timedelta(days=settings.attribution_window_days),
    )


def check_report(report: Conversion | Refund | Cancellation) -> None:
    """Raise `InvalidInput` unless a report can be booked."""
    check_id(report.id, "id")
    for value, what in ((report.line, "line"), (report.merchant, "merchant id")):
        if value:
            check_id(value, what)
    if isinstance(report, Conversion):
        _check_conversion(report)
    elif isinstance(report, Refund):
        check_positive(report.amount, "refund")


def _check_conversion(report: Conversion) -> None:
    if report.status not in list(ConversionStatus):
        raise InvalidInput(
            f"status {report.status!r:.60} is unknown",
            hint=f"known: {', '.join(ConversionStatus)}",
        )
    if not (report.net and report.amount.minor == 0):  # all may be refunded
        check_positive(report.amount, "amount")
    for value, what in ((report.tracking, "tracking id"), (report.code, "share code")):
        if value:
            check_id(value, what)
    if report.commission is not None:
        report.amount.check_currency(report.commission)


def conversion_request(connection: Connection, report: Conversion) -> Request:
    """Return what a report asks for: it is known by merchant, id, line, status and its time.

    Raises `NotFound` for an unknown offer.
    """
    merchant = report.merchant or load_offer(connection, report.offer).merchant
    when = [] if report.reported_at is None else [in_utc(report.reported_at).isoformat()]
    parts = (merchant, report.id, report.line, ConversionStatus(report.status), *when)
    return Request("settle", natural_key(*parts), report)


def refund_request(refund: Refund) -> Request:
    """Return what a refund asks for."""
    parts = (refund.merchant or "", refund.conversion, refund.line, refund.id)
    return Request("refund", natural_key(*parts), refund)


def cancellation_request(cancellation: Cancellation) -> Request:
    """Return what a cancellation asks for."""
    parts = (
        *(cancellation.merchant or "", cancellation.conversion),
        *(cancellation.line, cancellation.id),
    )
    return Request("cancel", natural_key(*parts), cancellation)


def request_of(connection: Connection, report: Conversion | Refund | Cancellation) -> Request:
    """Return what a report asks for."""
    if isinstance(report, Conversion):
        return conversion_request(connection, report)
    return refund_request(report) if isinstance(report, Refund) else cancellation_request(report)


def settle_conversion(
    connection: Connection, report: Conversion, terms: Terms, at: datetime
) -> Entry | None:
    """Book what a report changes and return the sale's latest entry; None if there is none yet.

    Reports may come late and out of order; those that don't stand change nothing.
    """
    offer = load_offer(connection, report.offer)
    merchant = _merchant_of(report, offer)
    offer.price.check_currency(report.amount)
    _check_times(report, at)
    state = load_sale(connection, merchant, report.id, report.line)
    if state is None:
        changed = _open(connection, report, offer, terms, at)
    else:
        check_same(state.conversion, report)
        changed = state
        if state.terms.buyer is None and report.buyer is not None:
            changed = _attribute(connection, state, report.buyer)
        if supersedes(report, state.conversion):
            changed = amended(changed, report, conversion_request(connection, report).key)
        if changed == state:
            return state.entries[-1] if state.entries else None
    changed = _apply_waiting(connection, changed, at)
    off = changed.conversion.status is ConversionStatus.cancelled
    cause = Memo(MemoKind.cancelled if off else MemoKind.reported_anew, amount=changed.rest)
    return book(connection, changed, cause, at, _told_at(report))


def refund_conversion(connection: Connection, refund: Refund, at: datetime) -> Entry | None:
    """Book a refund and return the sale's latest entry; None while the refund waits for a sale."""
    if refund.refunded_at is not None and refund.refunded_at > at + ahead_max:
        raise InvalidInput("the refund is dated after now", hint="mend refunded_at")
    merchant = merchant_of(connection, refund.merchant, refund.conversion, refund.line)
    known = known_refund(connection, refund, merchant or "")
    state = None
    if merchant is not None:
        state = load_sale(connection, merchant, refund.conversion, refund.line)
    if known is not None:
        return state.entries[-1] if state is not None and state.entries else None
    if state is None:
        add_refund(connection, refund, merchant or "", None, netted=False)
        return None
    changed, netted = refunded(state, refund)
    add_refund(connection, refund, state.key.merchant, state.key.no, netted)
    return book(connection, changed, refund_memo(changed), at, refund.refunded_at)


def cancel_conversion(
    connection: Connection, cancellation: Cancellation, at: datetime
) -> Entry | None:
    """Take back what a sale earned; None while the cancellation waits for a sale."""
    merchant = merchant_of(
        connection, cancellation.merchant, cancellation.conversion, cancellation.line
    )
    known = known_cancellation(connection, cancellation, merchant or "")
    state = None
    if merchant is not None:
        state = load_sale(connection, merchant, cancellation.conversion, cancellation.line)
    if known is None:
        sale = None if state is None else state.key.no
        add_cancellation(connection, cancellation, merchant or "", sale)
    if state is None:
        return None
    if known is not None:
        return state.entries[-1] if state.entries else None
    off = cancelled(state, at)
    return book(connection, off, Memo(MemoKind.cancelled, amount=off.rest), at)


def release_held(connection: Connection, sharer: UserId, at: datetime) -> None:
    """Settle what was received of a sharer's sales while it was banned."""
    for state in held_of(connection, sharer):
        book(connection, state, Memo(MemoKind.commission_settled, amount=state.rest), at)


def book(
    connection: Connection,
    state: ConversionState,
    cause: Memo,
    at: datetime,
    effective_at: datetime | None = None,
) -> Entry | None:
    """Keep a changed sale, bring the ledger to what it is due, and return the latest entry."""
    state = replace(state, held=_is_held(connection, state, at))
    replace_sale(connection, state)
    for _ in range(steps_max):
        draft = next_draft(state, cause)
        if draft is None:
            return state.entries[-1] if state.entries else None
        draft = replace(draft, effective_at=effective_at or at)
        if draft.kind is EntryKind.reversal:
            draft = replace(draft, postings=_within_balance(connection, draft.postings))
        state = replace(state, entries=(*state.entries, append_entry(connection, draft, at)))
    raise AssertionError(f"sale {state.key} does not come to what is due")


def _within_balance(connection: Connection, legs: Sequence[Posting]) -> tuple[Posting, ...]:
    """Take no more from sharers than is there: what was paid out is owed."""
    made: list[Posting] = []
    for leg in legs:
        if leg.debit.kind is AccountKind.sharer:
            made += clawback(leg, available(connection, leg.debit))
        else:
            made.append(leg)
    return tuple(made)


def _is_held(connection: Connection, state: ConversionState, at: datetime) -> bool:
    """Whether what was received may not be settled, since its sharer is banned."""
    sharer = state.terms.sharer
    if sharer is None or state.conversion.status is not ConversionStatus.received:
        return False
    return bans.is_kept_out(connection, [sharer], None, at)


def _open(
    connection: Connection,
    report: Conversion,
    offer: Offer,
    terms: Terms,
    at: datetime,
) -> ConversionState:
    zero = Money(0, report.amount.currency)
    state = ConversionState(
        key=SaleKey(0, offer.merchant, report.id, report.line),
        conversion=replace(
            report,
            merchant=offer.merchant,
            status=ConversionStatus(report.status),
            converted_at=at if report.converted_at is None else in_utc(report.converted_at),
        ),
        terms=SaleTerms(
            offer=offer.id,
            buyer=None,
            platform=terms.platform,
            sharer=None,
            redemption=None,
            rate_bps=offer.rate_bps,
            platform_bps=terms.platform_bps,
            days=terms.attribution_window.days,
        ),
        refunded=zero,
        netted=zero,
        report=conversion_request(connection, report).key,
    )
    return add_sale(connection, _attribute(connection, state, report.buyer))


def _attribute(
    connection: Connection, state: ConversionState, buyer: UserId | None
) -> ConversionState:
    """Say who earns a sale; where nobody does, `why` says so.

    A share code that the report names wins over what the buyer touched.
    """
    days, declared = state.terms.days, _declared(connection, state)
    if declared is not None and declared.sharer != buyer:
        terms = replace(state.terms, buyer=buyer, sharer=declared.sharer, redemption=None)
        return replace(state, terms=terms, why=None)
    terms = replace(state.terms, buyer=buyer, sharer=None, redemption=None)
    touched = path_of(connection, replace(state, terms=terms))
    looked_at = touchpoints_max if len(touched) == touchpoints_max else None
    attributions = last_touch(touched)
    if not attributions:
        own = bool(touched) or declared is not None
        kind = MemoKind.own_share_code if own else MemoKind.no_share_code
        why = Memo(kind, days=days, touchpoints=looked_at)
        return replace(state, terms=replace(terms, touchpoints=looked_at), why=why)
    touch = attributions[0].touchpoint  # a state has room for one who earns
    terms = replace(terms, sharer=touch.sharer, redemption=touch.redemption, touchpoints=looked_at)
    return replace(state, terms=terms, why=None)


def path_of(connection: Connection, state: ConversionState) -> list[Touchpoint]:
    """Return the touchpoints that may have caused a sale, latest first."""
    buyer, until = state.terms.buyer, state.conversion.converted_at
    if buyer is None or until is None:
        return []
    since = until - timedelta(days=state.terms.days)
    return touchpoints(connection, buyer, state.key.merchant, since, until)


def _declared(connection: Connection, state: ConversionState) -> ShareCode | None:
    """Return the share code that a report names, if it leads to the sale's merchant."""
    code = state.conversion.code
    known = code_state(connection, code) if code else None
    if known is None or known.offer.merchant != state.key.merchant:
        return None
    return known.share_code


def _apply_waiting(connection: Connection, state: ConversionState, at: datetime) -> ConversionState:
    """Apply the refunds and cancellations that came before a sale; one of too much waits on."""
    for row in waiting_refunds(connection, state.key):
        try:
            state, netted = refunded(state, read_refund(row))
        except InvalidInput:
            continue
        change_refund(connection, row, "applied", state.key, netted)
    return cancelled(state, at) if take_cancellations(connection, state.key) else state


def _told_at(report: Conversion) -> datetime | None:
    """When what a report tells happened, as far as it says so."""
    told = report.reported_at
    if told is None and report.status == ConversionStatus.paid:
        told = report.converted_at
    return None if told is None else in_utc(told)


def _merchant_of(report: Conversion, offer: Offer) -> UserId:
    if report.merchant not in (None, offer.merchant):
        raise InvalidInput(
            f"offer {offer.id!r:.80} is not of merchant {report.merchant!r:.80}",
            hint=f"it is of {offer.merchant!r:.80}",
        )
    return offer.merchant


def _check_times(report: Conversion, at: datetime) -> None:
    if report.converted_at is not None and in_utc(report.converted_at) > at:
        raise InvalidInput(
            f"the sale is dated {report.converted_at.isoformat()}, after now",
            hint="mend converted_at",
        )
    if report.reported_at is not None and in_utc(report.reported_at) > at + ahead_max:
        raise InvalidInput(
            f"the report is dated {report.reported_at.isoformat()}, after now",
            hint="mend reported_at",
        )


def refund_memo(state: ConversionState) -> Memo:
    """Return what was refunded of a sale, in all."""
    return Memo(MemoKind.refund, amount=state.refunded, of=state.conversion.amount)


def undo_refund(connection: Connection, id: str, merchant: UserId, at: datetime) -> Entry | None:
    """Book back what a refund took, since it failed or was contested; return the latest entry.

    Raises `NotFound` for an unknown refund and `Conflict` for one that was undone before.
    """
    rows = refunds_of(connection, merchant, id)
    if not rows:
        raise NotFound(f"refund {id!r:.80} is unknown", hint="check the id and the merchant")
    standing = [row for row in rows if row.state != "undone"]
    if not standing:
        raise Conflict(f"refund {id!r:.80} was undone before", hint="report a new refund")
    latest = None
    for row in standing:
        change_refund(connection, row, "undone", None, row.netted)
        if row.sale is None:
            continue
        state = load_sale_of(connection, row.sale)
        changed = restored(state, Money(row.amount, row.currency), row.netted)
        cause = Memo(MemoKind.refund_undone, amount=changed.refunded, of=changed.conversion.amount)
        latest = book(connection, changed, cause, at)
    return latest


def sale_of(connection: Connection, merchant: UserId, id: ConversionId, line: str) -> Sale:
    """Return a sale as it stands, with its path, its entries and why; raise `NotFound`."""
    state = load_sale(connection, merchant, id, line)
    if state is None:
        raise NotFound(
            f"merchant {merchant!r:.80} has no conversion {id!r:.80}, line {line!r:.80}",
            hint="report it first",
        )
    path = tuple(reversed(path_of(connection, state)))
    entries, zero = state.entries, Money(0, state.conversion.amount.currency)
    estimate = open_estimate(entries)
    held = () if estimate is None else estimate.postings
    why = [entry.memo for entry in entries] or ([state.why] if state.why else [])
    if state.held:
        why.append(Memo(MemoKind.held, amount=state.rest))
    return Sale(
        id=state.key.id,
        merchant=state.key.merchant,
        line=state.key.line,
        offer=state.terms.offer,
        buyer=state.terms.buyer,
        status=state.conversion.status,
        amount=state.conversion.amount,
        net=state.conversion.net,
        refunded=state.refunded,
        rest=state.rest,
        path=path,
        attributions=tuple(
            Attribution(one, bps_max) for one in path if one.redemption == state.terms.redemption
        )[-1:],
        card=state.card,
        estimated=_of_sharer(held, zero),
        settled=_of_sharer(net_postings(entries), zero),
        paid=zero,
        clawed_back=sum(
            (leg.amount for one in entries for leg in one.postings if _is_owed(leg)), zero
        ),
        why=tuple(why),
        entries=entries,
    )


def _of_sharer(legs: Sequence[Posting], zero: Money) -> Money:
    return sum((leg.amount for leg in legs if leg.credit.kind is AccountKind.sharer), zero)


def _is_owed(leg: Posting) -> bool:
    return leg.debit.kind is AccountKind.receivable
