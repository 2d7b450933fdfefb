"""Signals that need the past: bans, texts that were not shown, the author's last comments.

Everything else about an item is seen without the database, before its transaction begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from kouling.db import Connection
from kouling.gate.detectors import Detectors
from kouling.gate.detectors.banned_subject import banned_subjects, subjects_of
from kouling.gate.detectors.split_code import part_length_max, parts_max, split_code, window_minutes
from kouling.gate.detectors.text_duplicate import bands_of, pieces_of, text_duplicate
from kouling.gate.records import Item, Signal, Surface
from kouling.gate.table import banned, comments_before, texts_not_shown


def signals_of_past(
    connection: Connection,
    item: Item,
    signals: Sequence[Signal],
    detectors: Detectors,
    at: datetime,
) -> tuple[Signal, ...]:
    """Return what is seen in an item only by one who remembers what was before."""
    found = [*banned_subjects(item, signals, banned(connection, subjects_of(item, signals), at))]
    found += _split(connection, item, detectors, at)
    found += _duplicate(connection, item)
    return tuple(found)


def _split(
    connection: Connection, item: Item, detectors: Detectors, at: datetime
) -> Iterator[Signal]:
    if item.surface != Surface.comment or len(item.text) > part_length_max:
        return
    since = at - timedelta(minutes=window_minutes)
    earlier = comments_before(connection, item, since, parts_max - 1)
    signal = split_code(earlier, item.text, detectors) if earlier else None
    if signal is not None:
        yield signal


def _duplicate(connection: Connection, item: Item) -> Iterator[Signal]:
    bands = bands_of(pieces_of(item.text))
    earlier = texts_not_shown(connection, bands) if bands else []
    signal = text_duplicate(item.text, earlier) if earlier else None
    if signal is not None:
        yield signal
