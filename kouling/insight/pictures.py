"""Pictures: how many were looked into, what that took, and which were not, and why.

Counts of one day come in, a table goes out.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import astuple

from kouling.db import Connection
from kouling.gate import Evidence
from kouling.insight.records import Cell, Day, PictureCosts, PicturesPosted, Table
from kouling.insight.table.pictures import (
    picture_costs,
    pictures_not_inspected,
    pictures_posted,
)

columns = ("what", "pictures", "cpu_ms_p50", "cpu_ms_p99", "memory_mb_max")

reasons_max = 50
"""Reasons in the table: the most frequent ones."""


def pictures(connection: Connection, day: Day) -> Table:
    """Return what became of the pictures of a day, and why some were not inspected."""
    return pictures_table(
        pictures_posted(connection, day),
        picture_costs(connection, day),
        pictures_not_inspected(connection, day),
    )


def pictures_table(
    posted: PicturesPosted, costs: PictureCosts, not_inspected: Mapping[Evidence, int]
) -> Table:
    """Return what became of the pictures of a day, and below it why some were not inspected.

    `costs` are of those that workers looked into, also in vain; `not_inspected` counts those of
    which all or a part was not, by reason, which stands in their row for what they are.
    """
    missed = sum(not_inspected.values())
    nothing = (None, None, None)
    rows: list[tuple[Cell, ...]] = [
        ("posted", posted.pictures, *nothing),
        ("looked into", *astuple(costs)),
        ("known already", posted.known, *nothing),
        ("not inspected", missed, *nothing),
    ]
    ranked = sorted(not_inspected.items(), key=lambda one: (-one[1], one[0].kind, one[0].about))
    rows += [(why, count, *nothing) for why, count in ranked[:reasons_max]]
    return Table(name="pictures", columns=columns, rows=tuple(rows))
