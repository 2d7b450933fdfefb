"""A pasted text is resolved: pure, from what was parsed and what is known of its codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from kouling.config import Settings
from kouling.gate import Detectors, Party, Signal, check_text
from kouling.ids import UserId, check_id
from kouling.mint import CodeState, FoundCode, KeyRing, Parsed, parse
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
    parsed = parse(text, ring)
    return Paste(parsed, () if parsed.codes else detectors.inspect([text])[0])


def windows_of(settings: Settings) -> Windows:
    """Return how far back this installation looks."""
    return Windows(
        trace=timedelta(days=settings.trace_window_days),
        repeat=timedelta(minutes=settings.repeat_minutes),
    )


def resolve(
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


def refuse(reason: RefusalReason, text: str, code: str = "") -> Refusal:
    """Return a refusal."""
    return Refusal(reason=reason, text=text, code=code)


def _resolve_one(
    found: FoundCode, states: Mapping[int, CodeState], ring: KeyRing, at: datetime
) -> Resolved | Refusal:
    code = found.code
    if found.issuer != ring.issuer:
        text = f"This code opens {found.issuer}: paste it there."
        return refuse(RefusalReason.foreign, text, code)
    state = states.get(found.id)
    if state is None or state.share_code.code != code:
        return refuse(RefusalReason.unknown, "This code was not minted here.", code)
    if state.revoked_at is not None:
        return refuse(RefusalReason.revoked, "This code was withdrawn.", code)
    if state.share_code.expires_at <= at:
        day = state.share_code.expires_at.date().isoformat()
        return refuse(RefusalReason.expired, f"This code expired on {day}.", code)
    return Resolved(found, state)


def _refuse_text(parsed: Parsed, signals: Sequence[Signal]) -> Refusal:
    foreign = [s for s in signals if s.kind != "link" and s.party is Party.foreign]
    named = next((s for s in foreign if s.issuer), None)
    if parsed.mistyped or (parsed.lookalikes and named is None):
        text = "This looks like a code but is none: mistyped, cut or forged. Copy it again."
        return refuse(RefusalReason.forged, text, (*parsed.mistyped, *parsed.lookalikes)[0])
    if named is not None:
        text = f"This is a code of {named.issuer}: it opens there, not here."
        return refuse(RefusalReason.foreign, text, named.code)
    if foreign:
        text = "This is a code of another platform: it does not open here."
        return refuse(RefusalReason.foreign, text, foreign[0].code)
    return refuse(RefusalReason.no_code, "There is no share code in this text.")
