"""Whose code it is: our own, a registered partner's, or nobody's that we know."""

from __future__ import annotations

from kouling.gate.records import Party
from kouling.mint import KeyRing


def owner_in(ring: KeyRing | None, code: str) -> tuple[Party, str] | None:
    """Say whose code it is by a key ring: our own or a partner's; None for any other."""
    origin = ring.origin(code) if ring is not None else None
    if ring is None or origin is None:
        return None
    return party_of(origin.issuer, ring), origin.issuer


def party_of(issuer: str, ring: KeyRing) -> Party:
    """Say what an issuer of a key ring is to us."""
    return Party.own if issuer == ring.issuer else Party.partner
