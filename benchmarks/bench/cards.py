"""Counts of pictures that were read come in, the cells of their rows go out."""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

from benchmarks.bench.markdown import share

Row = Mapping[str, Any]

code_columns = ("share codes", "exact", "up to look-alikes", "95 % bounds", "flagged", "CPU ms")
counts = ("pictures", "exact", "alike", "flagged", "false")

certainty = 1.96
"""Standard deviations of the 95 % bounds."""


def bounds(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % bounds of a share after Wilson (1927)."""
    if not whole:
        return 0.0, 1.0
    rate, square = part / whole, certainty**2
    middle = (rate + square / (2 * whole)) / (1 + square / whole)
    spread = rate * (1 - rate) / whole + square / (4 * whole**2)
    half = certainty * sqrt(spread) / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def code_cells(part: Row) -> list[str]:
    """Return the cells under `code_columns`, without the first."""
    low, high = bounds(part["alike"], part["pictures"])
    return [
        share((part["exact"], part["pictures"])),
        share((part["alike"], part["pictures"])),
        f"{low:.3f}–{high:.3f}",
        share((part["flagged"], part["pictures"])),
        f"{part['cpu_ms']:,.1f}",
    ]


def parts_of(rows: Sequence[Row], aim: str) -> Iterator[tuple[str, Row]]:
    """Yield the pictures as they are, then those in disguise, each added up."""
    asked = [row for row in rows if row["aim"] == aim]
    plain = [row for row in asked if row["disguise"] == "none"]
    worn = [row for row in asked if row["disguise"] != "none"]
    for title, part in (("plain", plain), ("disguised", worn)):
        if part:
            yield title, _sum(part)


def _sum(rows: Sequence[Row]) -> Row:
    total: dict[str, Any] = {name: sum(row[name] for row in rows) for name in counts}
    spent = sum(row["cpu_ms"] * row["pictures"] for row in rows)
    return total | {"cpu_ms": spent / total["pictures"]}
