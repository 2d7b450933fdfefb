"""Rows come in, an aligned Markdown table goes out, which reads well in a terminal, too."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> str:
    """Return the table; the first columns are words and stand to the left, figures to the right."""
    cells = [list(columns), *map(list, rows)]
    widths = [max(3, *map(_width, column)) for column in zip(*cells, strict=True)]
    left, right = widths[:words], widths[words:]
    rule = [*("-" * width for width in left), *("-" * (width - 1) + ":" for width in right)]
    head, *body = (_padded(row, widths, words) for row in cells)
    return "\n".join(_line(row) for row in (head, rule, *body)) + "\n"


def facts(report: Mapping[str, Any], *more: str) -> str:
    """Return the line below a table: where, when and from what its figures come."""
    machine, source = report["machine"], report.get("source", {})
    parts = [
        f"{machine['cores']} cores of {machine['processor']}",
        f"load {machine['load_before']:.1f} before",
        f"Python {machine['python']}",
        *more,
        str(report.get("measured_at", ""))[:10],
        f"source {source['commit']}" if source.get("commit") else "",
        "with changes" if source.get("package_changed") else "",
        "**a quick run: no good figures**" if report.get("quick") else "",
    ]
    return _wrapped([part for part in parts if part]) + "\n"


def share(counted: Sequence[int]) -> str:
    """Return a share with what it was counted from: `0.985 (66/67)`."""
    part, whole = counted
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "–"


def _wrapped(parts: Sequence[str], width_max: int = 98) -> str:
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) + 2 > width_max:
            lines.append("")
        lines[-1] += ("; " if lines[-1] else "") + part
    return ";\n".join(lines) + "."


def _padded(row: Sequence[str], widths: Sequence[int], words: int) -> list[str]:
    gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
    pairs = list(zip(row, gaps, strict=True))
    return [cell + gap for cell, gap in pairs[:words]] + [gap + cell for cell, gap in pairs[words:]]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _width(text: str) -> int:
    """Return the columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
