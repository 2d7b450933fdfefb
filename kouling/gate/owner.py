"""Whose a share code or link is: ours, a registered issuer's, or anybody else's."""

from __future__ import annotations

from msgspec.structs import replace

from kouling.gate.records import Party, Signal
from kouling.mint import KeyRing, parse_text


def owner_in(ring: KeyRing, code: str) -> tuple[Party, str] | None:
    """Say whose code it is by a key ring: our own or a partner's; None for any other."""
    origin = ring.origin(code)
    if origin is None:
        return None
    return party_of(origin.issuer, ring), origin.issuer


def party_of(issuer: str, ring: KeyRing) -> Party:
    """Say what an issuer of a key ring is to us."""
    return Party.own if issuer == ring.issuer else Party.partner


def with_code(signal: Signal, ring: KeyRing) -> Signal:
    """Return a signal; our own link carries its share code as a code, whatever page it opens."""
    if signal.kind != "share_link" or signal.party is not Party.own:
        return signal
    codes = parse_text(signal.code, ring).codes
    return replace(signal, code=codes[0].code if codes else "")
