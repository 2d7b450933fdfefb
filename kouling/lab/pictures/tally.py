"""What was read in each picture comes in, counts and rates under each disguise go out.

A code is read exactly if its letters stand somewhere in what was read, alike if they do after
look-alikes are folded into one, and flagged if the gate has a signal of a foreign share code.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kouling.picture import alike_key

no_disguise = "none"
pooled = "pooled"

_gaps = re.compile(r"\s+")


class Aim(enum.StrEnum):
    """What a picture is looked at for: a share code, a QR code, or false alarms."""

    code = "code"
    payload = "payload"
    clean = "clean"
    photo = "photo"


class Transcript(NamedTuple):
    """What a reader made of a picture: its texts in reading order, and what it cost.

    `flagged` says that the gate has a signal of a foreign share code, `unsure` one for review.
    """

    texts: tuple[str, ...] = ()
    flagged: bool = False
    unsure: bool = False
    cpu_ms: float = 0.0


class PictureTally(NamedTuple):
    """Counts under one disguise with one aim; `cpu_ms` is the mean of a picture.

    `false` counts QR codes that were read as something else, and flagged pictures that hold no
    share code.
    """

    disguise: str
    aim: Aim
    pictures: int = 0
    exact: int = 0
    alike: int = 0
    flagged: int = 0
    unsure: int = 0
    false: int = 0
    cpu_ms: float = 0.0

    def plus(self, other: PictureTally) -> PictureTally:
        """Return both together, under the name of the first."""
        whole = self.pictures + other.pictures
        spent = self.cpu_ms * self.pictures + other.cpu_ms * other.pictures
        return PictureTally(
            self.disguise,
            self.aim,
            pictures=whole,
            exact=self.exact + other.exact,
            alike=self.alike + other.alike,
            flagged=self.flagged + other.flagged,
            unsure=self.unsure + other.unsure,
            false=self.false + other.false,
            cpu_ms=spent / whole if whole else 0.0,
        )

    def rate(self, count: int) -> float | None:
        """Return a count of this tally per picture, None where there is no picture."""
        return count / self.pictures if self.pictures else None


class Outcome(NamedTuple):
    """What came of one picture; `thumbnail` shows it with what was found or missed."""

    tally: PictureTally
    thumbnail: NDArray[np.uint8]


def tally_of(disguise: str, aim: Aim, wanted: str, reading: Transcript) -> PictureTally:
    """Return the tally of one picture; `wanted` is its share code or what its QR code says."""
    if aim is Aim.payload:
        right = wanted in reading.texts
        wrong = any(text != wanted for text in reading.texts)
        return PictureTally(disguise, aim, 1, right, right, right, False, wrong, reading.cpu_ms)
    exact = bool(wanted) and reads(wanted, reading.texts)
    alike = bool(wanted) and reads(alike_key(wanted), [alike_key(text) for text in reading.texts])
    false = reading.flagged and not wanted
    return PictureTally(
        disguise, aim, 1, exact, alike, reading.flagged, reading.unsure, false, reading.cpu_ms
    )


def reads(code: str, texts: Sequence[str]) -> bool:
    """Whether a code stands in one of the texts, or runs on from one into the next."""
    tight = [_gaps.sub("", unicodedata.normalize("NFKC", text)) for text in texts]
    pairs = (first + second for first, second in pairwise(tight))
    return any(code in text for text in (*tight, *pairs))


def added_up(tallies: Iterable[PictureTally]) -> list[PictureTally]:
    """Add up the tallies of one disguise and aim; the order is that of the first of each."""
    sums: dict[tuple[str, Aim], PictureTally] = {}
    for tally in tallies:
        key = tally[:2]
        sums[key] = sums[key].plus(tally) if key in sums else tally
    return list(sums.values())


def pooled_tallies(tallies: Iterable[PictureTally]) -> list[PictureTally]:
    """Return the sums over all disguises by aim; pictures without one are left out."""
    worn = (tally for tally in tallies if tally.disguise != no_disguise)
    return added_up(tally._replace(disguise=pooled) for tally in worn)
