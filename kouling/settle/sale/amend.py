"""From what stands in the ledger of a sale to what is due: the entries that lead there; pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from kouling.settle.commission import commission_on
from kouling.settle.ledger.rules import (
    commission_postings,
    difference,
    net_postings,
    open_estimate,
)
from kouling.settle.records import (
    ConversionState,
    ConversionStatus,
    Entry,
    EntryDraft,
    EntryKind,
    Memo,
    MemoKind,
    Posting,
)


def next_draft(state: ConversionState, cause: Memo) -> EntryDraft | None:
    """Return the next entry on the way to what is due, or None where that stands already.

    `cause` is what happened to the sale. Entries are made one by one, since each refers to those
    before it.
    """
    draft = _next(state, cause)
    told = next((one.terms for one in reversed(state.entries) if one.terms is not None), None)
    return draft if draft is None or told == state.terms else replace(draft, terms=state.terms)


def _next(state: ConversionState, cause: Memo) -> EntryDraft | None:
    estimate = open_estimate(state.entries)
    standing = net_postings(state.entries)
    status = state.conversion.status
    if status is ConversionStatus.received and not state.held:
        return _settle(state, estimate, standing, cause)
    if standing:
        return _post(state, standing, (), cause)
    due = due_postings(state) if status in _earning else ()
    if estimate is not None:
        wanted = status in _earning and estimate.postings == due
        return None if wanted else _void(state, estimate, cause)
    first = not state.entries and status in _earning
    return _hold(state, due) if due or first else None


_earning = (ConversionStatus.paid, ConversionStatus.received)


def due_postings(state: ConversionState) -> tuple[Posting, ...]:
    """Return the legs that a sale earns on what was not refunded."""
    if state.terms.sharer is None or state.rest.minor == 0:
        return ()
    return commission_postings(
        commission_on(state.rest, state.card),
        merchant=state.key.merchant,
        sharer=state.terms.sharer,
        platform=state.terms.platform,
    )


def is_right(state: ConversionState) -> bool:
    """Whether what stands in the ledger of a sale is what its row says is due."""
    return next_draft(state, Memo(MemoKind.reported_anew)) is None


def _settle(
    state: ConversionState, estimate: Entry | None, standing: Sequence[Posting], cause: Memo
) -> EntryDraft | None:
    due = due_postings(state)
    if estimate is not None:
        more, _ = difference(standing, due)
        return EntryDraft(
            kind=EntryKind.posted,
            sale=state.key,
            postings=more,
            memo=_memo(state, MemoKind.commission_settled),
            refers=estimate.id,
            released=estimate.postings,
        )
    if not any(one.kind is EntryKind.posted for one in state.entries):
        return _hold(state, due) if due or not state.entries else None
    return _post(state, standing, due, cause)


def _post(
    state: ConversionState,
    standing: Sequence[Posting],
    due: Sequence[Posting],
    cause: Memo,
) -> EntryDraft | None:
    """Post or take back the difference between what stands and what is due."""
    more, less = difference(standing, due)
    settled = [one for one in state.entries if one.kind in (EntryKind.posted, EntryKind.reversal)]
    if less:
        posted = [one for one in settled if one.kind is EntryKind.posted]
        return EntryDraft(
            kind=EntryKind.reversal,
            sale=state.key,
            postings=less,
            memo=_cause(state, cause),
            refers=posted[-1].id,
        )
    if more:
        return EntryDraft(
            kind=EntryKind.posted,
            sale=state.key,
            postings=more,
            memo=_cause(state, cause),
            refers=settled[-1].id,
        )
    return None


def _void(state: ConversionState, estimate: Entry, cause: Memo) -> EntryDraft:
    return EntryDraft(
        kind=EntryKind.voided,
        sale=state.key,
        postings=estimate.postings,
        memo=_cause(state, cause),
        refers=estimate.id,
        released=estimate.postings,
    )


def _hold(state: ConversionState, due: tuple[Posting, ...]) -> EntryDraft:
    return EntryDraft(
        kind=EntryKind.pending,
        sale=state.key,
        postings=due,
        memo=_memo(state, MemoKind.commission_estimated),
    )


def _memo(state: ConversionState, kind: MemoKind) -> Memo:
    """What a commission is on; where there is none, why not."""
    return state.why or Memo(kind, amount=state.rest, touchpoints=state.terms.touchpoints)


def _cause(state: ConversionState, cause: Memo) -> Memo:
    return state.why or cause
