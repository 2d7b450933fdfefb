"""A line that may hold a share code, read by the better reader: its second reading.

The better reader is asked about the line cut a little longer, in gray, and where it is not sure,
once more by the colour of the ink.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from kouling.picture.reader import code_shape
from kouling.picture.reader.casing import with_case_seen
from kouling.picture.reader.column import set_in_row
from kouling.picture.reader.cutting import Strip, cut_out
from kouling.picture.reader.finding import Pixels, PrintedLine
from kouling.picture.reader.grain import is_grainy, smooth
from kouling.picture.reader.ink import by_ink
from kouling.picture.reader.networks import code_reader
from kouling.picture.reader.reading import LineReading, nothing
from kouling.picture.reader.reading import read as read_strip
from kouling.picture.records import places_whole

_readable, _sure = 0.5, 0.95
# heights that a code's line is cut longer: its delimiters and last letters are often cut off
_margin, _margin_wide, _margin_open = 0.4, 2.5, 9.0
_added_min = 2  # letters that a longer cut has to show that still misses an end
_specks = ".,'"


class Band(NamedTuple):
    """A line in a picture; `turned` says that it stands on its head there.

    `is_column` says that its letters stand one below the other, `is_stacked` that half a code
    stands right above or below, where this one may go on.
    """

    pixels: Pixels
    found: PrintedLine
    turned: bool
    is_stacked: bool
    is_column: bool = False

    def cut(self, before: float, after: float) -> Strip:
        """Return the line upright, longer before and after by so many of its heights."""
        if self.turned:
            strip = cut_out(self.pixels, self.found, after, before).turned()
        else:
            strip = cut_out(self.pixels, self.found, before, after)
        return (self.is_column and set_in_row(strip)) or strip


def read_second(band: Band) -> LineReading:
    """Return what the better reader reads, in gray or by the ink, whichever is surer."""
    best, strip = _read_whole(band)
    if best.confidence < _sure:
        inked = by_ink(strip)
        again = _read(inked)
        if again.confidence > best.confidence:
            best, strip = again, inked
    if best.confidence < _readable:
        return nothing
    return _without_specks(with_case_seen(best, strip))


def _read_whole(band: Band) -> tuple[LineReading, Strip]:
    """Return what stands in gray on the line, cut long enough to hold what begins on it."""
    strip = band.cut(_margin, _margin)
    best = _read(_gray(strip))
    if not code_shape.whole.search(best.text) and _goes_beyond(best):
        strip = band.cut(_margin_wide, _margin_wide)
        best = _read(_gray(strip))
    if code_shape.is_half(best.text) and not band.is_stacked:
        # what covers a code may part its line in two, or hide its first sign
        begun = code_shape.begun.search(best.text)
        longer = band.cut(*(_margin, _margin_open) if begun else (_margin_open, _margin))
        more = _read(_gray(longer))
        added = len(more.text) - len(best.text)
        if added > (_added_min if code_shape.is_half(more.text) else 0):
            return more, longer
    return best, strip


def _read(strip: Strip) -> LineReading:
    reading = read_strip(strip, code_reader())
    return reading._replace(text=code_shape.with_letters(reading.text))


def _goes_beyond(reading: LineReading) -> bool:
    """Whether letters stand beyond the box, which was found too short then."""
    return bool(reading.text) and (reading.places[0] <= 0 or reading.places[-1] >= places_whole)


def _gray(strip: Strip) -> Strip:
    """Return the strip in gray, without grain where there is much."""
    gray = cv2.cvtColor(strip.pixels, cv2.COLOR_RGB2GRAY)
    clean = smooth(gray) if is_grainy(gray) else np.asarray(gray, np.uint8)
    return strip._replace(pixels=np.repeat(clean[..., None], 3, 2))


def _without_specks(reading: LineReading) -> LineReading:
    """Return the reading without points that stand within a code: they are dirt or grain."""
    code = code_shape.specked.search(reading.text)
    if code is None:
        return reading
    inside = range(code.start(), code.end())
    kept = [at for at, sign in enumerate(reading.text) if sign not in _specks or at not in inside]
    text = "".join(reading.text[at] for at in kept)
    return reading._replace(text=text, places=tuple(reading.places[at] for at in kept))
