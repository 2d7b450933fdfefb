"""Whose a share code or link is: ours, a registered issuer's, anybody else's, or unknown.

With a key ring it is told by arithmetic. Without one nothing that could be ours is called anybody
else's.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from kouling.gate.evidence import EvidenceKind
from kouling.gate.records import Party, Signal
from kouling.mint import KeyRing, could_be_code, linked_code, parse_text

_naming = frozenset({EvidenceKind.app_name, EvidenceKind.beside_link})
"""What names the issuer of a code whose shape others have, too."""


def owner_in(ring: KeyRing, code: str) -> tuple[Party, str] | None:
    """Say whose code it is by a key ring: our own or a partner's; None for any other."""
    origin = ring.origin(code)
    if origin is None:
        return None
    return party_of(origin.issuer, ring), origin.issuer


def party_of(issuer: str, ring: KeyRing) -> Party:
    """Say what an issuer of a key ring is to us."""
    return Party.own if issuer == ring.issuer else Party.partner


def owned(signals: tuple[Signal, ...], ring: KeyRing | None) -> tuple[Signal, ...]:
    """Return the signals of an item, with what can be said of whose they are."""
    if ring is not None:
        return tuple(_with_code(one, ring) for one in signals)
    linked = frozenset(filter(None, map(_linked_code, signals)))
    return tuple(_without_ring(one, linked) for one in signals)


def _without_ring(signal: Signal, linked: Iterable[str]) -> Signal:
    """Return a signal as it can be told without keys: a code in a link of ours is ours.

    Any other of our shape is of an unknown party; its issuer is known if something names it.
    """
    if signal.kind == "share_link":
        return replace(signal, code=_linked_code(signal)) if signal.party is Party.own else signal
    if signal.kind != "share_code" or signal.party is not Party.foreign:
        return signal
    if signal.code in linked:
        return replace(signal, party=Party.own, issuer=None)
    if not could_be_code(signal.code):
        return signal
    named = any(one.kind in _naming for one in signal.evidence)
    return replace(signal, party=Party.unknown, issuer=signal.issuer if named else None)


def _linked_code(signal: Signal) -> str:
    """Return the share code that our own link carries by its shape, or nothing."""
    is_link = signal.kind == "share_link" and signal.party is Party.own
    return linked_code(signal.code) if is_link else ""


def _with_code(signal: Signal, ring: KeyRing) -> Signal:
    """Return a signal; our own link carries its share code as a code, whatever page it opens."""
    if signal.kind != "share_link" or signal.party is not Party.own:
        return signal
    codes = parse_text(signal.code, ring).codes
    return replace(signal, code=codes[0].code if codes else "")
