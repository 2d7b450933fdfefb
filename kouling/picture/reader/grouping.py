"""Boxes that belong together: pieces of one line, letters set apart, halves of one code.

Along is the way the line runs, across the way from its top to its foot, whatever way the picture
was turned.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from kouling.picture.reader.finding import Corners, PrintedLine
from kouling.picture.reader.networks import Floats

_row_min, _row_max = 0.7, 2.5  # heights from the middle of a line to that of the next
_gap_on_end = 0.9  # of the width of a column of letters
_gap_max, _lean_max, _height_ratio_max = 0.5, 0.35, 1.7  # of the line's height
_slant_max = 0.1  # of the way across: boxes around more slanted lines overlap anyway
_ratio_min = 1.4  # a box that is less wide for its height is a single letter's
_letter_ratio_max = 2.6  # how much higher than wide a letter is; more lies across, as a line does
_melted_min = 0.3  # of the smaller of two boxes, that both share
_letters_min, _word_max = 2, 8.0  # letters that a row of them needs; heights a word in it is wide


def lines_of(found: list[PrintedLine]) -> list[PrintedLine]:
    """Return the lines that may say something, the longest first.

    A single letter can hold neither a code nor a word that leads to one, unless it stands in a
    row of them.
    """
    pieces = _joined(found)
    lines = [one for one in pieces if _ratio(one) >= _ratio_min]
    row = _row_of_letters(pieces, lines[0]) if lines else None
    if row is None:
        return lines
    others = [line for line in lines if not _is_among(line, row)]
    return _longest_first([*others, _frame(row, lines[0])])


def _joined(found: list[PrintedLine]) -> list[PrintedLine]:
    """Return lines with those made one that stand in a row with less than half a height between.

    Letters that are set wide are found as lines of their own.
    """
    left = _longest_first(found)
    made: list[PrintedLine] = []
    while left:
        line, left = left[0], left[1:]
        while line.spine is None and (near := [one for one in left if _continues(line, one)]):
            line = _longer(line, near)
            left = [one for one in left if not _is_among(one, near)]
        made.append(line)
    return _longest_first(made)


def are_stacked(line: PrintedLine, other: PrintedLine) -> bool:
    """Whether two boxes are of one height and one stands right above the other."""
    _, high = line.size()
    along, across = _seen_along(line, other.corners)
    ends, sides = _seen_along(line, line.corners)
    apart = abs(float(across.mean() - sides.mean()))
    return (
        _alike(high, float(np.ptp(across)))
        and _row_min * high < apart < _row_max * high
        and float(along.min()) < float(ends.max())
        and float(along.max()) > float(ends.min())
    )


def are_melted(lines: list[PrintedLine]) -> bool:
    """Whether boxes lie on each other, as where lines were too close to be told apart."""
    boxes = [
        (*line.corners.min(0), *line.corners.max(0)) for line in lines if not _is_slanted(line)
    ]
    return any(_share(one, other) > _melted_min for one, other in combinations(boxes, 2))


def _is_slanted(line: PrintedLine) -> bool:
    return line.spine is not None or float(np.abs(_axis(line)).min()) > _slant_max


def _share(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return which part of the smaller of two boxes lies in the other."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(0.0, across) * max(0.0, down) / max(smaller, 1e-6)


def _row_of_letters(pieces: list[PrintedLine], line: PrintedLine) -> list[PrintedLine] | None:
    """Return the longest row of letters set so far apart that most were not found, if any.

    It runs as the line does.
    """
    letters = [piece for piece in pieces if _is_letter(piece, line)]
    rows = [_row_with(letter, pieces, line) for letter in letters]
    apart = [
        row
        for row in rows
        if sum(_is_among(piece, letters) for piece in row) >= _letters_min
        and all(_ratio(piece) < _word_max for piece in row)
    ]
    return max(apart, key=len, default=None)


def _row_with(
    letter: PrintedLine, pieces: list[PrintedLine], line: PrintedLine
) -> list[PrintedLine]:
    _, own = _seen_along(line, letter.corners)
    high = float(np.ptp(own))
    sides = [_seen_along(line, piece.corners)[1] for piece in pieces]
    return [
        piece
        for piece, side in zip(pieces, sides, strict=True)
        if abs(float(side.mean() - own.mean())) < _lean_max * high
        and _alike(high, float(np.ptp(side)))
    ]


def _is_letter(piece: PrintedLine, line: PrintedLine) -> bool:
    """Whether a box is no wider than a letter, along the way that the line runs."""
    along, across = _seen_along(line, piece.corners)
    narrow = float(np.ptp(along)) < _ratio_min * float(np.ptp(across))
    return narrow and _ratio(piece) < _letter_ratio_max


def _ratio(piece: PrintedLine) -> float:
    across, down = piece.size()
    return max(across, down) / max(min(across, down), 1e-6)


def _is_among(piece: PrintedLine, others: list[PrintedLine]) -> bool:
    return any(piece is other for other in others)


def _longest_first(lines: list[PrintedLine]) -> list[PrintedLine]:
    return sorted(lines, key=lambda one: -one.size()[0])


def _continues(line: PrintedLine, other: PrintedLine) -> bool:
    """Whether another box is of the same row and height and begins near where the line ends."""
    _, high = line.size()
    _, own_high = other.size()
    along, across = _seen_along(line, other.corners)
    ends, sides = _seen_along(line, line.corners)
    gap = max(float(along.min() - ends.max()), float(ends.min() - along.max()))
    return (
        other.spine is None
        and abs(float(across.mean() - sides.mean())) < _lean_max * high
        and _alike(high, float(np.ptp(across)))
        and _alike(high, own_high)
        and -high < gap < (_gap_on_end if line.is_on_end() else _gap_max) * min(high, own_high)
    )


def _alike(one: float, other: float) -> bool:
    return one / _height_ratio_max < other < one * _height_ratio_max


def _seen_along(line: PrintedLine, points: Corners) -> tuple[Floats, Floats]:
    """Return how far points lie along a line's top edge and away from it."""
    axis = _axis(line)
    return points @ axis, points @ np.array([-axis[1], axis[0]], np.float32)


def _axis(line: PrintedLine) -> Floats:
    edge = line.corners[1] - line.corners[0]
    axis: Floats = edge / max(float(np.linalg.norm(edge)), 1e-6)
    return axis


def _longer(line: PrintedLine, others: list[PrintedLine]) -> PrintedLine:
    """Return the line's box, longer by as much as it takes to hold the others."""
    axis = _axis(line)
    own, _ = _seen_along(line, line.corners)
    far = np.concatenate([_seen_along(line, one.corners)[0] for one in others])
    before = max(0.0, float(own.min() - far.min())) * axis
    after = max(0.0, float(far.max() - own.max())) * axis
    a, b, c, d = line.corners
    return PrintedLine(np.array([a - before, b + after, c + after, d - before], np.float32))


def _frame(row: list[PrintedLine], line: PrintedLine) -> PrintedLine:
    """Return the box around a row that runs as the line does."""
    along, across = _seen_along(line, np.concatenate([piece.corners for piece in row]))
    axis = _axis(line)
    down = np.array([-axis[1], axis[0]], np.float32)
    left, right, top, foot = along.min(), along.max(), across.min(), across.max()
    ends = [(left, top), (right, top), (right, foot), (left, foot)]
    return PrintedLine(np.array([x * axis + y * down for x, y in ends], np.float32))
