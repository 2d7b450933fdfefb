"""A copy of a picture that was kept from being shown, or is banned.

What it finds:
    A picture that shows an earlier one that was limited, dropped or banned: resized, recompressed,
    cropped, turned a little, in a mirror, with a border, a caption or something put over it, as
    one frame of several, in a screenshot of a chat, in a collage. It has to be the same wherever
    both have something to see; where something differs, the lines there are read and have to be
    the same, with the same digits, unless they are covered.

Why it matters:
    An evader posts the same picture again with small changes until one passes.

Example:
    The limited card as it was sent in a chat, in a screenshot of that chat.

Known misses:
    A crop of half or more, a turn of more than 15 degrees, a photo of a screen, a copy with a line
    of it covered by another line. Cards and posters of one template with another product, price or
    code on them are told apart: at most they are `unsure`, for review, and no `near_duplicate`.

Method:
    Candidates are found by PDQ (Meta 2019) hashes of 256 bits, searched exactly among up to a
    million, and by ORB features (Rublee 2011) of the newest 20,000 to 40,000 known pictures that
    vote for where each would lie (Ballard 1981). Up to six are laid on by RANSAC and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Signal
from kouling.gate.text.content import Agreement
from kouling.picture import Likeness, Look, Neighbour, distance_max

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


def _evidence(one: Resemblance) -> tuple[Evidence, ...]:
    likes, distance = one.likeness, one.known.near.distance
    near = (Evidence(EvidenceKind.hashes_differ, about=str(distance)),)
    features = Evidence(
        EvidenceKind.features_alike, about=str(likes.inliers), beside=str(likes.features)
    )
    compared = Evidence(
        EvidenceKind.pixels_compared, about=f"{likes.compared:.0%}", beside=f"{likes.differing:.0%}"
    )
    said = Evidence(_agreed[one.agreement])
    return (*(near if distance <= distance_max else ()), features, compared, said)


def _by_weight(one: Resemblance) -> tuple[bool, bool]:
    """Order what says the same first, banned pictures before those of items not shown."""
    return one.agreement is not Agreement.same, not one.known.is_banned
