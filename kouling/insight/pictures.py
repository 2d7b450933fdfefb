"""Pictures: how many were looked into, what that took, and which were not, and why.

Counts of one day come in, a table goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kouling.gate import Evidence
from kouling.insight.records import Cell, Table

columns = ("what", "pictures", "cpu_ms_p50", "cpu_ms_p99", "memory_mb_max")

reasons_max = 50
"""Reasons in the table: the most frequent ones."""


class Posted(NamedTuple):
    """How many pictures items have, and of how many the bytes had been looked into before."""

    pictures: int
    known: int


class Costs(NamedTuple):
    """What pictures took that were looked into: processor time of each, and a worker's peak."""

    pictures: int
    cpu_ms_p50: float | None = None
    cpu_ms_p99: float | None = None
    memory_mb_max: float | None = None


def pictures(posted: Posted, costs: Costs, not_inspected: Mapping[Evidence, int]) -> Table:
    """Return what became of the pictures of a day, and below it why some were not inspected.

    `costs` are of those that workers looked into, also in vain; `not_inspected` counts those of
    which all or a part was not, by reason, which stands in their row for what they are.
    """
    missed = sum(not_inspected.values())
    nothing = (None, None, None)
    rows: list[tuple[Cell, ...]] = [
        ("posted", posted.pictures, *nothing),
        ("looked into", *costs),
        ("known already", posted.known, *nothing),
        ("not inspected", missed, *nothing),
    ]
    ranked = sorted(not_inspected.items(), key=lambda one: (-one[1], one[0].kind, one[0].about))
    rows += [(why, count, *nothing) for why, count in ranked[:reasons_max]]
    return Table(name="pictures", columns=columns, rows=tuple(rows))
