"""What a line says: a strip of pixels becomes text with the place of each letter.

A reader looks at narrow columns of a line and says of each which letter it shows, or none; the
same letter twice in a row is one (CTC, Graves et al., ICML 2006).
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kouling.picture.reader.cutting import Strip
from kouling.picture.reader.networks import LineReader
from kouling.picture.records import places_whole

height = 48
"""Pixels that a line is made high before it is read."""

width_max = 1_600
"""Pixels of a line of that height; a longer one is squeezed."""

_width_step, _width_min = 32, 64


class LineReading(NamedTuple):
    """A line as it was read: where each letter begins is in thousandths of its width."""

    text: str
    confidence: float
    places: tuple[int, ...]


nothing = LineReading("", 0.0, ())


def read(strip: Strip, reader: LineReader) -> LineReading:
    """Return what a reader reads in a line."""
    line = strip.pixels
    width = int(np.ceil(height * line.shape[1] / line.shape[0]))
    width = max(1, min(width_max, width))
    padded = max(_width_min, -(-width // _width_step) * _width_step)
    batch = np.zeros((1, 3, height, padded), np.float32)
    small = cv2.resize(line, (width, height))
    batch[0, :, :, :width] = small.transpose(2, 0, 1) * np.float32(1 / 127.5) - np.float32(1)
    return _decoded(reader.network(batch)[0], reader, width / padded, strip)


def _decoded(
    columns: NDArray[np.float32], reader: LineReader, used: float, strip: Strip
) -> LineReading:
    best = columns.argmax(1)
    starts = np.ones(len(best), bool)
    starts[1:] = best[1:] != best[:-1]
    (at,) = np.nonzero(starts & (best != 0))
    if not len(at):
        return nothing
    share = (at / (len(best) * used) - strip.begin) / (strip.end - strip.begin)
    places = np.clip(np.round(share * places_whole), 0, places_whole).astype(int)
    text = "".join(reader.letters[letter] for letter in best[at])
    sure = columns[at, best[at]]
    # whether a gap is a space is a matter of taste
    shown = sure[[letter != " " for letter in text]]
    confidence = float(shown.mean()) if len(shown) else 0.0
    return LineReading(text, confidence, tuple(places.tolist()))
