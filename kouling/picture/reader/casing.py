"""Capital or small: letters of one shape in both cases are told apart by how high they stand.

A reader sees a W and a w as the same but for their size, and often takes one for the other. Here
the ink of each such letter is measured and compared with that of letters whose height is known.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kouling.picture.reader.code_shape import letters_of
from kouling.picture.reader.cutting import Strip
from kouling.picture.reader.finding import Pixels
from kouling.picture.reader.reading import LineReading
from kouling.picture.records import places_whole

_same_shape = frozenset("cosuvwxzCOSUVWXZ")
_high = frozenset("ABDEFGHIKLMNPRTY123456789bdfhkl0")
_high_min, _high_share = 2, 0.3  # letters of known height that a line needs; of all its letters
_spread_min = 0.6  # of the line, that these are spread over before they tell of a slope
_small_max, _capital_min, _capital_max = 0.86, 0.93, 1.2  # of a capital's height; else no word
_uneven_max = 0.05  # what letters of known height may differ, of their height
_width_max = 1.45  # heights that one letter is wide at most: more is two that touch
_blur = 0.02  # of the strip's height: grain goes, strokes stay
_part_min = 0.3  # of the strip's height: smaller specks are no letters


class Stain(NamedTuple):
    """A connected patch of ink: from where to where it reaches, and how high it is."""

    left: int
    right: int
    height: int


def with_case_seen(reading: LineReading, strip: Strip) -> LineReading:
    """Return the reading with the case of its letters as they stand in the strip."""
    if not _same_shape.intersection(reading.text):
        return reading
    heights = _heights(reading, strip)
    capital = _capital_height(reading.text, heights)
    if capital is None:
        return reading
    shares = heights / capital
    text = "".join(map(_cased, reading.text, shares))
    return reading._replace(text=text)


def _cased(letter: str, share: float) -> str:
    if letter not in _same_shape or np.isnan(share):
        return letter
    if share <= _small_max:
        return letter.lower()
    return letter.upper() if _capital_min <= share <= _capital_max else letter


def _capital_height(text: str, heights: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return how high a capital is at each letter's place; None if the known ones disagree.

    It may grow from one end of the line to the other, as when it is seen from the side.
    """
    places = np.arange(len(text))
    known = np.array([letter in _high for letter in text]) & ~np.isnan(heights)
    if known.sum() < max(_high_min, _high_share * len(letters_of(text))):
        return None
    line = _straight(places[known], heights[known], places)
    off = np.abs(heights[known] / line[known] - 1)
    return line if float(np.median(off)) <= _uneven_max and line.min() > 0 else None


def _straight(x: Any, y: Any, at: Any) -> NDArray[np.float64]:
    """Return the heights at some places of a line that single points don't lead astray.

    Its slope is the median of those between all pairs (Theil 1950, Sen 1968); a few points close
    together tell of none.
    """
    one, other = np.triu_indices(len(x), 1)
    spread = np.ptp(x) >= _spread_min * np.ptp(at)
    slope = np.median((y[other] - y[one]) / (x[other] - x[one])) if spread else 0.0
    line: NDArray[np.float64] = slope * at + np.median(y - slope * x)
    return line


def _heights(reading: LineReading, strip: Strip) -> NDArray[np.float64]:
    """Return how high the ink of each letter is, in pixels; NaN where it can't be told."""
    stains, wide = _stains(strip.pixels), strip.pixels.shape[1]
    inside = strip.end - strip.begin
    shares = np.array(reading.places) / places_whole * inside + strip.begin
    middles = shares * wide
    heights = np.full(len(middles), np.nan)
    for one in stains:
        (over,) = np.nonzero((one.left <= middles) & (middles <= one.right))
        if len(over) == 1 and one.right - one.left <= _width_max * one.height:
            heights[over[0]] = one.height
    return heights


def _stains(pixels: Pixels) -> list[Stain]:
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    smooth = cv2.GaussianBlur(gray, (0, 0), _blur * len(gray))
    _, ink = cv2.threshold(smooth, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edge = np.concatenate([ink[0], ink[-1]])
    if edge.mean() > 0.5:  # the ground reaches the edges, ink seldom does
        ink = 1 - ink
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    least = _part_min * pixels.shape[0]
    return [Stain(x, x + w, h) for x, _, w, h, _ in boxes[1:].tolist() if h >= least]
