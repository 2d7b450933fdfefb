"""What insight gives out: named tables of numbers, and what creators may know of their likers."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kouling.gate import Evidence
from kouling.ids import UserId
from kouling.money import Money

Cell = str | int | float | Money | Evidence | None
"""One number of a table, or what it is about."""


class Day(msgspec.Struct, frozen=True):
    """A day in UTC: what is at `since` or later, and before `until`."""

    since: datetime
    until: datetime


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers under a name: columns, and rows of as many cells."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> tuple[Cell, ...]:
        """Return one column's cells."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)


class Steadiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a creator's likes are steady or one hit, and how many of its likers are its alone.

    `variation` is the coefficient of variation of the likes per item, 0 where each has as many;
    `best_share` the part of them that the best item has. `likers` counts the users who like
    anything of the creator's; `also_others` is the part of them that likes another creator's
    items, too. They are None where nothing is liked.
    """

    creator: UserId
    items: int
    likes: int
    variation: float | None
    best_share: float | None
    likers: int
    also_others: float | None


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """How far two creators have the same likers: how many each has, and how many both share.

    The parts are of the creator's likers, of the other's, and of either's (Jaccard).
    """

    creator_likers: int
    other_likers: int
    shared: int
    of_creator: float
    of_other: float
    of_either: float


class PicturesPosted(msgspec.Struct, frozen=True):
    """How many pictures items have, and of how many the bytes had been looked into before."""

    pictures: int
    known: int


class PictureCosts(msgspec.Struct, frozen=True):
    """What pictures took that were looked into: processor time of each, and a worker's peak."""

    pictures: int
    cpu_ms_p50: float | None = None
    cpu_ms_p99: float | None = None
    memory_mb_max: float | None = None
