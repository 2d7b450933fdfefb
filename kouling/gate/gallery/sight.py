"""A sight: what is seen in an item's pictures, as signals, and what is to be kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from kouling.gate.detectors import Detectors
from kouling.gate.detectors.near_duplicate import near_duplicate
from kouling.gate.detectors.picture_text import picture_text
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.gallery.ladder import Inspection
from kouling.gate.policy.depth import Depth, depth_needed
from kouling.gate.policy.policy import Policy
from kouling.gate.records import Item, Party, Signal
from kouling.mint import KeyRing
from kouling.picture import Look


class Brief(NamedTuple):
    """What a gallery is asked: how far a policy wants to look, with what, when, in which places.

    None stands for all places of an item's pictures.
    """

    policy: Policy
    detectors: Detectors
    ring: KeyRing | None
    at: datetime
    places: frozenset[int] | None = None


class Sight(NamedTuple):
    """What was seen in an item's pictures, how deep it was looked, and what is to be stored.

    `bans` tells whether any were in force on what links and codes lead to.
    """

    signals: tuple[Signal, ...] = ()
    depth: Depth = Depth.lines
    looks: tuple[tuple[str, Look], ...] = ()
    bans: bool = True

    def missing_under(self, policy: Policy, item: Item) -> tuple[Signal, ...]:
        """Return a signal if a policy asks for more than was looked for."""
        if not item.pictures:
            return ()
        if depth_needed(policy, item.surface, bans=self.bans) <= self.depth:
            return ()
        return (_not_inspected(1, Evidence(EvidenceKind.policy_changed)),)


def signals_of(seen: Inspection, place: int, depth: Depth, brief: Brief) -> tuple[Signal, ...]:
    """Return what detectors say of an item's picture of that place, from 1, and what nobody saw."""
    return (
        *(_not_inspected(place, why) for why in _unseen(seen.look, depth)),
        *near_duplicate(seen.resemblances, place),
        *picture_text(seen.look, place, brief.detectors, brief.ring),
    )


def not_inspected(item: Item, why: Evidence) -> tuple[Signal, ...]:
    """Return what is said of pictures that nobody has looked into: they are never clean."""
    return tuple(_not_inspected(place, why) for place in range(1, len(item.pictures) + 1))


def stays(signal: Signal) -> bool:
    """Say whether a signal stays as it is, however deep its picture is looked into.

    A look-alike may turn out to say the same, and our own links get the code that they carry.
    """
    is_alike = signal.detector == "near_duplicate" and signal.kind != "near_duplicate"
    return not is_alike and not (signal.kind == "share_link" and signal.party is Party.own)


def _unseen(look: Look, depth: Depth) -> Iterator[Evidence]:
    if depth is Depth.nothing:
        yield Evidence(EvidenceKind.not_asked)
        return
    for gap in (look.refused,) if look.refused else look.left_out:
        yield Evidence(EvidenceKind(gap.kind), about=gap.about)


def _not_inspected(place: int, why: Evidence) -> Signal:
    return Signal(detector="picture", kind="not_inspected", evidence=(why,), picture=place)
