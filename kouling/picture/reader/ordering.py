"""Lines come in as they were found and go out as they are read: row by row, each from the left.

Up is where most of the text has it, so that a picture that lies on its side is read in order too.
"""

from __future__ import annotations

import math

from kouling.picture.records import Line

_row_share = 0.5  # of a line's height: middles that are nearer share a row


def in_rows(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines in reading order."""
    across = _direction(lines)
    rows: list[list[tuple[float, Line]]] = []
    row_at = -math.inf
    for down, left, line in sorted((_place(line, across) for line in lines), key=lambda p: p[:2]):
        if not rows or down - row_at > _row_share * _height(line):
            rows.append([])
            row_at = down
        rows[-1].append((left, line))
    return tuple(line for row in rows for _, line in sorted(row, key=lambda one: one[0]))


def _direction(lines: tuple[Line, ...]) -> tuple[float, float]:
    """Return the direction in which the lines run, the longer the more it counts."""
    x = sum(line.box.corners[1][0] - line.box.corners[0][0] for line in lines)
    y = sum(line.box.corners[1][1] - line.box.corners[0][1] for line in lines)
    length = math.hypot(x, y)
    return (x / length, y / length) if length else (1.0, 0.0)


def _place(line: Line, across: tuple[float, float]) -> tuple[float, float, Line]:
    """Return how far down and how far right the middle of a line is, and the line."""
    x = sum(corner[0] for corner in line.box.corners) / 4
    y = sum(corner[1] for corner in line.box.corners) / 4
    return y * across[0] - x * across[1], x * across[0] + y * across[1], line


def _height(line: Line) -> float:
    a, _, _, d = line.box.corners
    return math.dist(a, d)
