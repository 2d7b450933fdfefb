"""A column of upright letters becomes a line: cut apart between the letters, set side by side.

The strip of a line that stands on end comes in, with its letters lying on their sides; a strip
with the letters upright and in a row goes out. Where one letter ends is found by least ink: places
about equally far from each other, a little nearer or farther as ink allows.
"""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from kouling.picture.reader.cutting import Strip
from kouling.picture.reader.finding import Pixels

_wide = 40  # pixels that a column is made wide
_pitches = np.arange(20, 63, 0.5)  # from letter to letter, of such a column
_usual_pitch = 26
_give, _uneven, _unusual = 0.15, 0.15, 0.2
_letters_min, _letters_max = 3, 80
_space = 0.06  # of the ink that a usual letter has: less is none
_ink_min = 0.15  # of the strongest ink in a column of pixels
_margin = 4

Floats = NDArray[np.float64]


def set_in_row(strip: Strip) -> Strip | None:
    """Return the strip of a column with its letters in a row, None for what can't be one."""
    column = _upright(strip.pixels)
    if not _letters_min <= len(column) / _usual_pitch <= _letters_max:
        return None
    ink = _ink(column)
    places = _places(ink.mean(1))
    if len(places) <= _letters_min:
        return None
    letters = [column[top:end] for top, end in pairwise(places)]
    inks = [ink[top:end] for top, end in pairwise(places)]
    usual = float(np.median([one.mean() for one in inks]))
    high = max(map(len, letters))
    ground = np.median(column.reshape(-1, 3), axis=0).astype(np.uint8)
    cells = [
        _cell(letter, its_ink, high, ground)
        for letter, its_ink in zip(letters, inks, strict=True)
        if its_ink.mean() > _space * usual
    ]
    if len(cells) < _letters_min:
        return None
    edge = np.full((high, _margin, 3), ground, np.uint8)
    return strip._replace(pixels=np.concatenate([edge, *cells, edge], axis=1))


def _upright(pixels: Pixels) -> Pixels:
    standing = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
    size = (_wide, max(1, round(len(standing) * _wide / standing.shape[1])))
    return np.asarray(cv2.resize(standing, size, interpolation=cv2.INTER_AREA), np.uint8)


def _ink(column: Pixels) -> Floats:
    """Return how far each pixel is from the ground's colour, at most 1."""
    ground = np.median(column.reshape(-1, 3), axis=0)
    far: Floats = np.linalg.norm(column.astype(np.float64) - ground, axis=2)
    return np.clip(far / max(1.0, float(np.percentile(far, 98))), 0, 1)


def _places(rows: Floats) -> list[int]:
    """Return where to cut so that the least ink is cut, from top to bottom."""
    rows = rows / max(1e-6, float(rows.mean()))
    pitches = [pitch for pitch in _pitches if 2 * pitch < len(rows)]
    return _cuts(rows, min(pitches, key=lambda pitch: _evenly_cut(rows, pitch)))


def _evenly_cut(rows: Floats, pitch: float) -> float:
    """Return how much ink is cut at least when every so many rows are, and how odd that is."""
    first = np.arange(round(pitch))
    places = (first[:, None] + np.arange(len(rows) / pitch - 1) * pitch).astype(int)
    return float(rows[places].mean(1).min()) + _unusual * math.log2(pitch / _usual_pitch) ** 2


def _cuts(rows: Floats, pitch: float) -> list[int]:
    """Return the cuts, each about a pitch behind the one before, that cut least ink in all.

    Ink above the first cut or below the last one is lost, and counts as if it was cut.
    """
    steps = np.arange(round(pitch * (1 - _give)), round(pitch * (1 + _give)) + 1)
    strain = _uneven * ((steps - pitch) / (_give * pitch)) ** 2
    count, below = len(rows), np.cumsum(rows[::-1])[::-1] / pitch
    least = np.cumsum(rows) / pitch
    before = np.full(count, -1)
    for row in range(int(steps[0]), count):
        at = row - steps[steps <= row]
        ahead = least[at] + strain[: len(at)] + rows[row]
        if ahead.min() < least[row]:
            least[row], before[row] = ahead.min(), at[int(ahead.argmin())]
    cuts = [int(np.argmin(least + below))]
    while before[cuts[-1]] >= 0:
        cuts.append(int(before[cuts[-1]]))
    return cuts[::-1]


def _cell(letter: Pixels, ink: Floats, high: int, ground: NDArray[np.uint8]) -> Pixels:
    """Return a letter as wide as its ink is, on a ground as high as all are."""
    (inked,) = np.nonzero(ink.max(0) > _ink_min)
    first, past = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, ink.shape[1])
    cell = np.empty((high, past - first + 2 * _margin, 3), np.uint8)
    cell[:] = ground
    top = (high - len(letter)) // 2
    cell[top : top + len(letter), _margin : _margin + past - first] = letter[:, first:past]
    return cell
