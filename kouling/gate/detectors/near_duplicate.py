"""A copy of a picture that was kept from being shown, or is banned.

What it finds:
    A picture that looks like an earlier one that was limited, dropped or banned, after resizing,
    recompression, a crop, a border, an overlay, a screenshot of it, or in a mirror; and that says
    the same: its barcode, its share code but for letters that look alike, or most of its words.

Why it matters:
    An evader posts the same picture again with small changes until one passes.

Example:
    The limited card as a screenshot, with the chat's bars above and below it.

Known misses:
    A crop of a fifth or more, a large turn, a photo of a screen. Cards of one template with other
    codes on them are told apart: they are `unsure`, for review, and no `near_duplicate`.

Method:
    PDQ (Meta 2019) hashes of 256 bits, searched exactly among up to a million; up to six
    candidates are compared by ORB features (Rublee 2011) and RANSAC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Signal
from kouling.gate.text.content import Agreement
from kouling.picture import Imprint, Likeness, Look, Neighbour

distance_sure = 31
"""Bits up to which hashes alone say that two pictures are alike (as PDQ's authors advise)."""

distance_likely = 60
"""The same for pictures that have too few features to be compared by them."""

quality_min = 50
"""PDQ's quality below which a picture has too little in it for its hash to say anything."""

inliers_min = 20
"""Features that must lie alike."""

inliers_likely_min = 8
"""The same for pictures whose hashes are near: something may cover the rest."""

features_min = 60
"""Features that a picture must have for their silence to say something."""


_agreed = {
    Agreement.same: EvidenceKind.says_same,
    Agreement.other: EvidenceKind.says_other,
    Agreement.unclear: EvidenceKind.not_compared,
}


class KnownPicture(NamedTuple):
    """A picture that was kept from being shown, and how near its hash is."""

    near: Neighbour
    sha256: str
    look: Look
    is_banned: bool


class Resemblance(NamedTuple):
    """A known picture that looks like the one at hand, and whether both say the same."""

    known: KnownPicture
    likeness: Likeness
    agreement: Agreement


def near_duplicate(resemblances: Sequence[Resemblance], place: int) -> Iterator[Signal]:
    """Yield the signals of what a picture looks like, as an item's picture of that place, from 1.

    It is the known picture only if it says the same, too.
    """
    for one in sorted(resemblances, key=_by_weight)[:1]:
        same = one.agreement is Agreement.same
        likeness = _evidence(one)
        like = Evidence(EvidenceKind.like_picture, about=one.known.sha256[:16])
        yield Signal(
            detector="near_duplicate",
            kind="near_duplicate" if same else "unsure",
            confidence=0.9 if same else 0.4,
            evidence=(like, *likeness),
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


def is_alike(near: Neighbour, found: Likeness, seen: Imprint, known: Imprint) -> bool:
    """Whether two pictures look alike, by hash and by features."""
    if found.inliers >= inliers_min:
        return True
    if min(seen.quality, known.quality) < quality_min:
        return False
    supported = found.features < features_min or found.inliers >= inliers_likely_min
    return near.distance <= (distance_likely if supported else distance_sure)


def _evidence(one: Resemblance) -> tuple[Evidence, ...]:
    inliers, features = str(one.likeness.inliers), str(one.likeness.features)
    return (
        Evidence(EvidenceKind.hashes_differ, about=str(one.known.near.distance)),
        Evidence(EvidenceKind.features_alike, about=inliers, beside=features),
        Evidence(_agreed[one.agreement]),
    )


def _by_weight(one: Resemblance) -> tuple[bool, bool]:
    """Order what says the same first, banned pictures before those of items not shown."""
    return one.agreement is not Agreement.same, not one.known.is_banned
