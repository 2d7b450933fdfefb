"""A plan comes in; picture by picture is drawn, disguised, read, and what came of it goes out.

Nothing but the present picture is kept, so a trial of thousands takes no more memory than one of
ten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import cv2

from kouling.lab.pictures.cards import (
    cards,
    clean_cards,
    code_kinds,
    payload_kinds,
    photos,
)
from kouling.lab.pictures.chance import chance_of
from kouling.lab.pictures.disguises import PictureDisguise
from kouling.lab.pictures.reading import Clock, Read, readers
from kouling.lab.pictures.scene import Motif, Sample
from kouling.lab.pictures.sheet import thumbnail
from kouling.lab.pictures.tally import Aim, Outcome, no_disguise, tally_of

clean_share = 5
"""Clean cards for each picture with a code: false alarms are rarer than misses."""


class Attempt(NamedTuple):
    """One picture to be read: a sample in a disguise."""

    disguise: str
    aim: Aim
    sample: Sample


def try_pictures(
    disguises: Sequence[PictureDisguise], count: int, seed: int, clock: Clock
) -> Iterator[Outcome]:
    """Yield the outcome of each picture under each disguise that suits it."""
    cv2.setNumThreads(1)
    read = readers(clock)
    yield from (outcome(attempt, read) for attempt in attempts(disguises, count, seed))


def attempts(disguises: Sequence[PictureDisguise], count: int, seed: int) -> Iterator[Attempt]:
    """Yield `count` pictures with a share code, as many with a QR code, and those without.

    Each of the first comes as it is and in every disguise that suits it.
    """
    for sample in chain(cards(count, seed, code_kinds), cards(count, seed, payload_kinds)):
        aim = Aim.code if sample.code else Aim.payload
        yield Attempt(no_disguise, aim, sample)
        for disguise in disguises:
            if disguise.suits(sample):
                chance = chance_of(seed, disguise.name, sample.code, sample.payload)
                yield Attempt(disguise.name, aim, disguise.apply(sample, chance))
    for sample in chain(clean_cards(clean_share * count, seed), photos(count, seed)):
        yield Attempt(no_disguise, Aim.photo if sample.kind is Motif.photo else Aim.clean, sample)


def attempt_count(disguises: Sequence[PictureDisguise], count: int) -> int:
    """Return how many pictures `attempts` yields."""
    worn = sum(disguise.codes + disguise.payloads for disguise in disguises)
    return count * (worn + 2 + clean_share + 1)


def outcome(attempt: Attempt, read: Read) -> Outcome:
    """Read one picture and say what came of it."""
    reading = read(attempt.sample.picture, attempt.aim)
    wanted = attempt.sample.code or attempt.sample.payload
    tally = tally_of(attempt.disguise, attempt.aim, wanted, reading)
    good = bool(tally.alike) if wanted else not tally.false
    return Outcome(tally, thumbnail(attempt.sample, good))
