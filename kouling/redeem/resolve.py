"""A pasted text is resolved: pure, from what was parsed and what is known of its codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from kouling.config import Settings
from kouling.gate import Detectors, Party, Signal, check_text
from kouling.ids import UserId, check_id
from kouling.mint import CodeState, FoundCode, KeyRing, Parsed, parse_text
from kouling.redeem.records import Refusal, RefusalReason, Windows


class Paste(msgspec.Struct, frozen=True):
    """What is in a pasted text: codes of the ring, else what the gate sees in it."""

    parsed: Parsed
    signals: tuple[Signal, ...]


class Resolved(msgspec.Struct, frozen=True):
    """A code that may be used, and where in the text it was found."""

    found: FoundCode
    state: CodeState


def read_paste(text: str, buyer: UserId, ring: KeyRing, detectors: Detectors) -> Paste:
    """Return what is in a pasted text; raise `InvalidInput` if it can't be looked at.

    The gate's detectors are asked only when there is no code of the ring in it.
    """
    check_id(buyer, "buyer id")
    check_text(text)
    parsed = parse_text(text, ring)
    return Paste(parsed, () if parsed.codes else detectors.inspect([text])[0])


def windows_of(settings: Settings) -> Windows:
    """Return how far back this installation looks."""
    return Windows(
        trace=timedelta(days=settings.trace_window_days),
        repeat=timedelta(minutes=settings.repeat_minutes),
    )


def resolve_paste(
    paste: Paste, states: Mapping[int, CodeState], ring: KeyRing, at: datetime
) -> Resolved | Refusal:
    """Return the first code of the text that may be used, else the first one's refusal.

    `states` holds what is known of our own codes by id.
    """
    refusals = []
    for found in paste.parsed.codes:
        outcome = _resolve_one(found, states, ring, at)
        if isinstance(outcome, Resolved):
            return outcome
        refusals.append(outcome)
    return refusals[0] if refusals else _refuse_text(paste.parsed, paste.signals)


def _resolve_one(
    found: FoundCode, states: Mapping[int, CodeState], ring: KeyRing, at: datetime
) -> Resolved | Refusal:
    code = found.code
    if found.issuer != ring.issuer:
        return Refusal(reason=RefusalReason.foreign, code=code, about=found.issuer)
    state = states.get(found.id)
    if state is None or state.share_code.code != code:
        return Refusal(reason=RefusalReason.unknown, code=code)
    if state.revoked_at is not None:
        return Refusal(reason=RefusalReason.revoked, code=code)
    if state.share_code.expires_at <= at:
        day = state.share_code.expires_at.date().isoformat()
        return Refusal(reason=RefusalReason.expired, code=code, about=day)
    return Resolved(found, state)


def _refuse_text(parsed: Parsed, signals: Sequence[Signal]) -> Refusal:
    foreign = [s for s in signals if s.kind != "link" and s.party is Party.foreign]
    named = next((s for s in foreign if s.issuer), None)
    if parsed.mistyped or (parsed.lookalikes and named is None):
        tried = (*parsed.mistyped, *parsed.lookalikes)[0]
        return Refusal(reason=RefusalReason.forged, code=tried)
    if foreign:
        told = named or foreign[0]
        return Refusal(reason=RefusalReason.foreign, code=told.code, about=told.issuer or "")
    return Refusal(reason=RefusalReason.no_code)
