"""QR codes and other barcodes in a picture, found in steps, the cheap ones first.

Each step shows the reader (zxing-cpp) another version of the picture: gray, one colour channel,
smoothed, cleaned of thin lines, larger. The first one that shows anything ends it.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from kouling.gate.picture.records import Barcode, Box

barcodes_max = 8
"""Barcodes told of one picture."""

text_length_max = 2_000
"""Characters of a barcode's text that are told."""

_formats = zxingcpp.BarcodeFormat.QRCode
_ink_max = 75  # how bright the brightest colour of ink may be
_enlarged_side_max = 900  # pixels of the shorter side up to which a picture is also enlarged

Pixels = NDArray[np.uint8]


def find(pixels: Pixels) -> tuple[Barcode, ...]:
    """Return the barcodes in a picture, rows of RGB, or none."""
    for seen, scale in _versions(pixels):
        found = zxingcpp.read_barcodes(seen, formats=_formats, try_downscale=False)
        if codes := tuple(_barcode(one, scale) for one in found[:barcodes_max] if one.text):
            return codes
    return ()


def _versions(pixels: Pixels) -> Iterator[tuple[Pixels, float]]:
    """Yield what to look at and how much larger the picture itself is."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    yield gray, 1.0
    half = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    yield cv2.GaussianBlur(half, (5, 5), 0), 2.0  # noise goes, modules stay
    red, green, blue = cv2.split(pixels)
    brightest = cv2.max(cv2.max(red, green), blue)
    # ink alone is dark in every colour, so a coloured ground up to the edge becomes a quiet zone
    yield cv2.threshold(brightest, _ink_max, 255, cv2.THRESH_BINARY)[1], 1.0
    yield red, 1.0
    yield _without_scratches(gray), 1.0
    if min(gray.shape) <= _enlarged_side_max:
        yield cv2.resize(gray, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC), 0.5


def _without_scratches(gray: Pixels) -> Pixels:
    """Return the picture without lines thinner than a module, dark ones and bright ones."""
    square = np.ones((5, 5), np.uint8)
    closed = cv2.morphologyEx(cv2.GaussianBlur(gray, (5, 5), 0), cv2.MORPH_CLOSE, square)
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, square)


def _barcode(found: zxingcpp.Barcode, scale: float) -> Barcode:
    place = found.position
    a, b, c, d = (
        (round(corner.x * scale), round(corner.y * scale))
        for corner in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    )
    return Barcode(text=found.text[:text_length_max], form=str(found.format), box=Box((a, b, c, d)))
