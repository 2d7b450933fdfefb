"""A pasted text is resolved: pure, from what was parsed and what is known of its codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from kouling.config import Settings
from kouling.gate import Detectors, Party, Signal, check_text
from kouling.mint import CodeState, FoundCode, KeyRing, Parsed, parse_text
from kouling.redeem.records import Refusal, RefusalReason, Windows

kept_length_max = 200
"""Characters of a pasted text that are kept."""


class Paste(msgspec.Struct, frozen=True):
    """What is in a pasted text: codes of the ring, else what the gate sees in it."""

    parsed: Parsed
    signals: tuple[Signal, ...]


class Resolved(msgspec.Struct, frozen=True):
    """A code that may be used, and where in the text it was found."""

    found: FoundCode
    state: CodeState


def read_paste(text: str, ring: KeyRing, detectors: Detectors) -> Paste:
    """Return what is in a pasted text; raise `InvalidInput` if it can't be looked at.

    The gate's detectors are asked only when there is no code of the ring in it.
    """
    check_text(text)
    parsed = parse_text(text, ring)
    return Paste(parsed, () if parsed.codes else detectors.inspect([text])[0])


def kept_text(text: str) -> str:
    """Return what is kept of a pasted text: its beginning, and the digest of a longer one."""
    if len(text) <= kept_length_max:
        return text
    return f"{text[:kept_length_max]} {sha256(text.encode()).hexdigest()}"


def windows_of(settings: Settings) -> Windows:
    """Return how far back this installation looks."""
    return Windows(
        trace=timedelta(days=settings.trace_window_days),
        repeat=timedelta(minutes=settings.repeat_minutes),
        arrival=timedelta(days=settings.arrival_days),
    )


def resolve_code(
    found: FoundCode, states: Mapping[int, CodeState], ring: KeyRing, at: datetime
) -> Resolved | Refusal:
    """Return a code that may be used as far as it alone tells, else its refusal.

    `states` holds what is known of our own codes by id.
    """
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


def refuse_text(parsed: Parsed, signals: Sequence[Signal]) -> Refusal:
    """Return the refusal of a text without any code of the ring."""
    foreign = [s for s in signals if s.kind != "link" and s.party is Party.foreign]
    named = next((s for s in foreign if s.issuer), None)
    if parsed.mistyped or (parsed.lookalikes and named is None):
        tried = (*parsed.mistyped, *parsed.lookalikes)[0]
        return Refusal(reason=RefusalReason.forged, code=tried)
    if foreign:
        told = named or foreign[0]
        return Refusal(reason=RefusalReason.foreign, code=told.code, about=told.issuer or "")
    return Refusal(reason=RefusalReason.no_code)
