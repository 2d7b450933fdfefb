"""QR codes in a picture, found in steps, the cheap ones first; other barcodes are not looked for.

Each step shows the reader (zxing-cpp) another version of the picture: gray, smoothed, its ink
alone, one colour channel, cleaned of thin lines, larger. The first one that shows anything ends it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from kouling.gate.picture.records import Barcode, Box

barcodes_max = 8
"""Barcodes told of one picture."""

text_length_max = 2_000
"""Characters of a barcode's text that are told."""

_formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_ink_max = 75  # how bright the brightest colour of ink may be
_side_min = 21  # modules of the smallest QR code
_contrast_min = 96  # steps of 255 between darkest and brightest
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
    if min(pixels.shape[:2]) < _side_min:
        return
    pixels = _stretched(pixels)
    gray = _bytes(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    yield gray, 1.0
    half = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    yield _bytes(cv2.GaussianBlur(half, (5, 5), 0)), 2.0  # noise goes, modules stay
    red, green, blue = (_bytes(channel) for channel in cv2.split(pixels))
    brightest = np.maximum(np.maximum(red, green), blue)
    # ink alone is dark in every colour, so a coloured ground up to the edge becomes a quiet zone
    yield _darker(brightest, _ink_max), 1.0
    yield red, 1.0
    yield _without_scratches(gray), 1.0
    ink = brightest[brightest <= _ink_max]
    if ink.size:
        # a dark bar that touches the code is seldom quite as dark: the two are told apart
        darkest, _ = cv2.threshold(ink.reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)
        yield _darker(brightest, darkest), 1.0
    if min(gray.shape) <= _enlarged_side_max:
        yield _bytes(cv2.resize(gray, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC)), 0.5


def _bytes(pixels: Any) -> Pixels:
    return np.asarray(pixels, np.uint8)


def _stretched(pixels: Pixels) -> Pixels:
    """Return a picture of little contrast with more: the reader takes little for none."""
    low, high = float(pixels.min()), float(pixels.max())
    if high - low >= _contrast_min:
        return pixels
    more = 255 / max(1.0, high - low)
    return _bytes(cv2.convertScaleAbs(pixels, alpha=more, beta=-low * more))


def _darker(brightest: Pixels, most: float) -> Pixels:
    """Return black where a picture is at most so bright, else white."""
    return _bytes(cv2.threshold(brightest, most, 255, cv2.THRESH_BINARY)[1])


def _without_scratches(gray: Pixels) -> Pixels:
    """Return the picture without lines thinner than a module, dark ones and bright ones."""
    square = np.ones((5, 5), np.uint8)
    closed = cv2.morphologyEx(cv2.GaussianBlur(gray, (5, 5), 0), cv2.MORPH_CLOSE, square)
    return _bytes(cv2.morphologyEx(closed, cv2.MORPH_OPEN, square))


def _barcode(found: zxingcpp.Barcode, scale: float) -> Barcode:
    place = found.position
    a, b, c, d = (
        (round(corner.x * scale), round(corner.y * scale))
        for corner in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    )
    return Barcode(text=found.text[:text_length_max], form=str(found.format), box=Box((a, b, c, d)))
