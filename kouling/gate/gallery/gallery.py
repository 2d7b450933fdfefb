"""The pictures of items: looked into once, remembered by their digests, known again when changed.

Items and what is asked of their pictures come in; signals and looks to store come out. The
database is read here but never written: what was seen is stored with the decision, in its
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from kouling.db import Connection
from kouling.errors import InvalidInput
from kouling.gate.detectors import Detectors
from kouling.gate.detectors.picture_text import signals_in
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.gallery.budget import Budget
from kouling.gate.gallery.content import Agreement
from kouling.gate.gallery.ladder import Alike, Asked, Known, Looked, look_into
from kouling.gate.picture import digest_of
from kouling.gate.policy.depth import Depth, depth_needed, is_settled
from kouling.gate.policy.policy import Policy
from kouling.gate.records import Decision, Item, Party, Signal
from kouling.gate.table import (
    known_pictures,
    leads_banned,
    load_looks,
    marks_after,
)
from kouling.mint import KeyRing
from kouling.picture import Caption, Index, Look, Lost, Pool, Question, missing

Read = Callable[[], AbstractContextManager[Connection]]
"""Opens a connection that reads."""


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


class Brief(NamedTuple):
    """What a gallery is asked: how far a policy wants to look, with what, when, in which places.

    None stands for all of an item's pictures.
    """

    policy: Policy
    detectors: Detectors
    ring: KeyRing | None
    at: datetime
    places: frozenset[int] | None = None

    def owner(self, code: str) -> tuple[Party, str] | None:
        """Say whose code it is, if it is our own or a partner's."""
        return owner_in(self.ring, code)


class Gallery:
    """Looks into the pictures of items; safe to use from many threads. Close it when done.

    Without `read` nothing is remembered, and no picture is known again.
    """

    def __init__(self, workers: int, read: Read | None = None) -> None:
        self.pool = Pool(workers)
        self._read, self._index = read, Index()
        self._budget = Budget(workers) if read else None

    def close(self) -> None:
        """End the workers."""
        self.pool.close()

    def see(self, item: Item, brief: Brief) -> Sight:
        """Look into an item's pictures as far as the policy asks on its surface."""
        digests = [digest_of(picture) for picture in item.pictures]
        known, bans = self._remembered(digests, brief.at)
        depth = depth_needed(brief.policy, item.surface, bans=bans)
        signals: list[Signal] = []
        fresh: dict[str, Look] = {}
        for place, (picture, digest) in enumerate(zip(item.pictures, digests, strict=True), 1):
            if brief.places is not None and place not in brief.places:
                continue
            before = fresh.get(digest) or known.get(digest)
            asked = self._asked(item, place, brief, depth)
            looked = self._looked(item, picture, before, asked)
            signals += _signals(looked, place, depth, brief)
            if looked.is_lasting and looked.look != before:
                fresh[digest] = looked.look
        return Sight(tuple(signals), depth, tuple(fresh.items()), bans)

    def see_all(self, items: Sequence[Item], brief: Brief) -> list[Sight]:
        """Look into the pictures of many items, as many at once as there are workers."""
        with_pictures = [item for item in items if item.pictures]
        if len(with_pictures) <= 1:
            return [self.see(item, brief) if item.pictures else Sight() for item in items]
        with ThreadPoolExecutor(max(1, self.pool.size)) as at_once:
            seen = at_once.map(lambda item: self.see(item, brief), with_pictures)
            return [next(seen) if item.pictures else Sight() for item in items]

    def draw(self, picture: bytes, signals: Sequence[Signal], caption: str) -> bytes:
        """Return a picture as PNG with the places of its signals drawn in, and a caption.

        Raises `InvalidInput` for a picture that can't be looked into.
        """
        marks = [Caption(one.box, f"{one.kind} {one.text}") for one in signals if one.box]
        question = Question(step="draw", marks=(*marks, Caption((0, 0, 0, 0), caption)))
        try:
            with self.pool.session() as session:
                opened = session.ask(Question(step="open", picture=bytes(picture)))
                drawn = session.ask(question) if not opened.refused else opened
        except Lost as lost:
            raise InvalidInput(f"the picture can't be drawn: {lost}") from None
        if not drawn.drawn:
            raise InvalidInput(f"the picture can't be drawn: {drawn.refused}")
        return drawn.drawn

    def annotate(self, pictures: Sequence[bytes], decision: Decision) -> tuple[bytes, ...]:
        """Return an item's pictures with what the decision saw in each, as `draw` does."""
        caption = ": ".join(filter(None, (decision.visibility, ", ".join(decision.rules))))
        return tuple(
            self.draw(picture, [one for one in decision.signals if one.picture == place], caption)
            for place, picture in enumerate(pictures, 1)
        )

    def _remembered(self, digests: list[str], at: datetime) -> tuple[dict[str, Look], bool]:
        """Return what was seen in pictures before, and whether there are bans to look out for."""
        if self._read is None or missing():
            return {}, False
        with self._read() as connection:
            self._index.add_many(marks_after(connection, self._index.newest))
            return load_looks(connection, digests), leads_banned(connection, at)

    def _looked(self, item: Item, picture: bytes, before: Look | None, asked: Asked) -> Looked:
        refusal = None
        if self._budget and not self.pool.unavailable and needs_work(before, asked.depth):
            refusal = self._budget.refusal(item.author, asked.at)
        if refusal is not None:
            return Looked(replace(before or Look(), refused=refusal), is_lasting=False)
        return look_into(picture, before, asked, self.pool)

    def _asked(self, item: Item, place: int, brief: Brief, depth: Depth) -> Asked:
        def is_enough(looked: Looked) -> bool:
            found = _signals(looked, place, depth, brief)
            return is_settled(brief.policy, item, [one for one in found if _stays(one)])

        def find_known(hashes: Sequence[bytes]) -> list[Known]:
            return self._known(hashes, brief.at)

        return Asked(depth, brief.at, find_known, is_enough)

    def _known(self, hashes: Sequence[bytes], at: datetime) -> list[Known]:
        """Return the pictures that are kept from being shown now and have near hashes."""
        near = {one.mark: one for one in self._index.nearest(hashes)}
        if not near or self._read is None:
            return []
        with self._read() as connection:
            found = known_pictures(connection, list(near), at)
        best: dict[str, Known] = {}
        for row in sorted(found, key=lambda row: (not row.is_banned, near[row.mark].distance)):
            best.setdefault(row.sha256, Known(near[row.mark], row.sha256, row.look, row.is_banned))
        return sorted(best.values(), key=lambda one: one.candidate.distance)


def owner_in(ring: KeyRing | None, code: str) -> tuple[Party, str] | None:
    """Say whose code it is by a key ring: our own or a partner's; None for any other."""
    origin = ring.origin(code) if ring is not None else None
    if ring is None or origin is None:
        return None
    return (Party.own if origin.issuer == ring.issuer else Party.partner), origin.issuer


def needs_work(look: Look | None, depth: Depth) -> bool:
    """Whether a picture has to be looked into, after what was seen of it before."""
    if look is None or depth is Depth.nothing:
        return depth is not Depth.nothing
    if look.refused:
        return False
    return (depth >= Depth.barcodes and look.barcodes is None) or (
        depth >= Depth.lines and look.lines is None
    )


def _signals(looked: Looked, place: int, depth: Depth, brief: Brief) -> tuple[Signal, ...]:
    look = looked.look
    gaps = (look.refused,) if look.refused else look.left_out
    why = [Evidence(EvidenceKind(gap.kind), about=gap.about) for gap in gaps]
    if depth is Depth.nothing:
        why = [Evidence(EvidenceKind.not_asked)]
    owner = brief.owner if brief.ring is not None else None
    return (
        *(_not_inspected(place, one) for one in why),
        *_known_again(looked.alike, place),
        *signals_in(look, place, brief.detectors, owner),
    )


def _known_again(alike: Sequence[Alike], place: int) -> Iterator[Signal]:
    """Yield what a look-alike says: it is the known picture only if it says the same, too."""
    for one in sorted(alike, key=_by_weight)[:1]:
        same = one.agreement is Agreement.same
        likeness = (
            Evidence(EvidenceKind.hashes_differ, about=str(one.known.candidate.distance)),
            Evidence(
                EvidenceKind.features_alike,
                about=str(one.likeness.inliers),
                beside=str(one.likeness.features),
            ),
            Evidence(_agreed[one.agreement]),
        )
        kind = "near_duplicate" if same else "unsure"
        yield Signal(
            detector="near_duplicate",
            kind=kind,
            confidence=0.9 if same else 0.4,
            evidence=(Evidence(EvidenceKind.like_picture, about=one.known.sha256[:16]), *likeness),
            picture=place,
        )
        if same and one.known.is_banned:
            banned = Evidence(EvidenceKind.banned_copy, about=one.known.sha256)
            yield Signal(
                detector="banned_subject",
                kind="banned_subject",
                evidence=(banned, *likeness),
                picture=place,
            )


_agreed = {
    Agreement.same: EvidenceKind.says_same,
    Agreement.other: EvidenceKind.says_other,
    Agreement.unclear: EvidenceKind.not_compared,
}


def _by_weight(one: Alike) -> tuple[bool, bool]:
    """Order what says the same first, banned pictures before those of items not shown."""
    return one.agreement is not Agreement.same, not one.known.is_banned


def _stays(signal: Signal) -> bool:
    """Say whether a signal stays as it is, however deep its picture is looked into.

    A look-alike may turn out to say the same, and our own links get the code that they carry.
    """
    is_alike = signal.detector == "near_duplicate" and signal.kind != "near_duplicate"
    return not is_alike and not (signal.kind == "share_link" and signal.party is Party.own)


def _not_inspected(place: int, why: Evidence) -> Signal:
    return Signal(detector="picture", kind="not_inspected", evidence=(why,), picture=place)
