"""What insight gives out: named tables of numbers."""

from __future__ import annotations

import msgspec

from kouling.gate import Evidence
from kouling.ids import UserId
from kouling.money import Money

Cell = str | int | float | Money | Evidence | None
"""One number of a table, or what it is about."""


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
    """Whether a creator's likes are steady or one hit, and how much of the audience is its alone.

    `variation` is the coefficient of variation of the likes per item, 0 where each has as many;
    `best_share` the part of them that the best item has; `also_others` the part of the audience
    that likes another creator's items, too. They are None where nothing is liked.
    """

    creator: UserId
    items: int
    likes: int
    variation: float | None
    best_share: float | None
    audience: int
    also_others: float | None


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """How far two creators have one audience: the users who like anything of each, and of both.

    The shares are of the creator's audience, of the other's, and of either's (Jaccard).
    """

    creator: int
    other: int
    shared: int
    of_creator: float
    of_other: float
    of_either: float
