"""The funnel: from items posted to commission earned, on one day."""

from __future__ import annotations

from collections.abc import Sequence

from kouling.db import Connection
from kouling.insight.records import Cell, Day, Table
from kouling.insight.table.funnel import commission_sums, stage_counts
from kouling.money import Money
from kouling.settle import EntryKind

columns = ("stage", "count", "of_previous", "amount", "moved")


def funnel(connection: Connection, day: Day) -> Table:
    """Return how often each stage of the funnel happened on a day, and what it earned."""
    return funnel_table(stage_counts(connection, day), commission_sums(connection, day))


def funnel_table(
    counts: Sequence[tuple[str, int]], sums: Sequence[tuple[EntryKind, Money, Money]]
) -> Table:
    """Return the funnel as a table: each stage's count and its ratio to the stage before.

    Below the stages stand the commission's amounts: estimated, settled, voided, reversed. `amount`
    is what of the day's stands at its end, `moved` all that its entries moved.
    """
    rows: list[tuple[Cell, ...]] = []
    previous: int | None = None
    for stage, count in counts:
        ratio = round(count / previous, 4) if previous else None
        rows.append((stage, count, ratio, None, None))
        previous = count
    rows += [(f"commission {kind}", None, None, stands, moved) for kind, stands, moved in sums]
    return Table(name="funnel", columns=columns, rows=tuple(rows))
