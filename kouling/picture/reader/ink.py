"""A line by its ink: how much each pixel is of the print's colour, and not of the ground's.

What lies over a line in other colours, a stamp or a scratch, is mostly nearer to the ground than
the print is; told apart by colour it fades, where in gray it would look like strokes.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from kouling.picture.reader.cutting import Strip
from kouling.picture.reader.finding import Pixels
from kouling.picture.reader.grain import is_grainy, smooth
from kouling.picture.reader.networks import Floats
from kouling.picture.reader.reading import height, width_max

_print_min = 0.6  # of how far the usual column's ink is from the ground: less is no print
_usual = 75  # percent of the columns have ink as far from the ground, or nearer
_all_print, _all_ground = 0.15, 0.55  # shares of the way from the print's colour to the ground's


def by_ink(strip: Strip) -> Strip:
    """Return the strip in black on white: black where it has the colour of the print.

    The ground's colour is the median of all pixels.
    """
    pixels = _small(strip.pixels)
    from_ground = _distance(pixels, np.median(pixels.reshape(-1, 3), axis=0))
    from_ink = _distance(pixels, _ink(pixels, from_ground))
    way = from_ink / (from_ink + from_ground + np.float32(1e-3))
    white = np.clip((way - _all_print) / (_all_ground - _all_print), 0, 1)
    return strip._replace(pixels=np.repeat(np.asarray(255 * white, np.uint8)[..., None], 3, 2))


def _small(pixels: Pixels) -> Pixels:
    """Return the strip as high as the readers see it, without grain where there is much."""
    width = max(1, min(width_max, round(height * pixels.shape[1] / pixels.shape[0])))
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    grainy = is_grainy(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    return smooth(small) if grainy else np.asarray(small, np.uint8)


def _ink(pixels: Pixels, from_ground: Floats) -> Any:
    """Return the colour of the print.

    In each column the pixel farthest from the ground's colour is print, if it is far; the median of
    these is the print's, since most columns are not covered.
    """
    farthest, columns = from_ground.argmax(0), np.arange(pixels.shape[1])
    far = from_ground[farthest, columns]
    printed = far >= _print_min * np.percentile(far, _usual)
    return np.median(pixels[farthest, columns][printed], axis=0)


def _distance(pixels: Pixels, colour: Any) -> Floats:
    far = np.linalg.norm(pixels.astype(np.float32) - np.asarray(colour, np.float32), axis=2)
    return np.asarray(far, np.float32)
