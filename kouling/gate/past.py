"""Signals that need the past: bans, texts that were not shown, the author's last comments.

Everything else about an item is seen without the database, before its transaction begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kouling.db import Connection
from kouling.gate.detectors import Detectors
from kouling.gate.detectors.banned_subject import banned_subjects, subjects_of
from kouling.gate.detectors.split_code import part_length_max, parts_max, split_code, window_minutes
from kouling.gate.detectors.text_duplicate import bands_of, pieces_of, text_duplicate
from kouling.gate.examination import Examination
from kouling.gate.records import Item, Signal, Subject, SubjectKind, Surface
from kouling.gate.table import banned, comments_before, texts_not_shown
from kouling.mint import KeyRing


class Memory(NamedTuple):
    """What one who remembers sees in an item, and whether its author is banned.

    `bands` are by what copies of its text are known again, should it be kept from being shown.
    """

    signals: tuple[Signal, ...] = ()
    author_banned: bool = False
    bands: tuple[int, ...] = ()


Past = Callable[[Examination], Memory]
"""Says what is remembered of an item that was examined."""


def past_of(
    connection: Connection, detectors: Detectors, ring: KeyRing | None, at: datetime
) -> Past:
    """Return all that a database knows at a time: bans, comments, texts that were not shown."""
    bans = bans_of(connection, at)

    def remember(seen: Examination) -> Memory:
        signals, author_banned, _ = bans(seen)
        pieces = pieces_of(seen.folded)
        bands = tuple(bands_of(pieces))
        split = _completed_code(connection, seen.item, at, detectors, ring)
        copies = _duplicate(connection, seen.item.text, pieces, bands)
        return Memory((*signals, *split, *copies), author_banned, bands)

    return remember


def bans_of(connection: Connection, at: datetime) -> Past:
    """Return what a database knows of bans at a time, and of nothing else."""

    def remember(seen: Examination) -> Memory:
        item, signals = seen.item, seen.signals
        out = banned(connection, subjects_of(item, signals), at)
        author = Subject(SubjectKind.user, item.author)
        return Memory(tuple(banned_subjects(item, signals, out)), author in out)

    return remember


def _completed_code(
    connection: Connection, item: Item, at: datetime, detectors: Detectors, ring: KeyRing | None
) -> Iterator[Signal]:
    if item.surface != Surface.comment or len(item.text) > part_length_max:
        return
    since = at - timedelta(minutes=window_minutes)
    earlier = comments_before(connection, item, since, parts_max - 1)
    signal = split_code(earlier, item.text, detectors, ring) if earlier else None
    if signal is not None:
        yield signal


def _duplicate(
    connection: Connection, text: str, pieces: frozenset[str], bands: Sequence[int]
) -> Iterator[Signal]:
    earlier = texts_not_shown(connection, bands) if bands else []
    signal = text_duplicate(text, pieces, earlier) if earlier else None
    if signal is not None:
        yield signal
