"""QR codes in a picture, found in steps, the cheap ones first; other barcodes are not looked for.

Each step shows the reader (zxing-cpp) another version of the picture: gray, smoothed, its ink
alone, one colour channel, cleaned of thin lines, larger. The first one that shows anything ends
it; what else there is, is looked for in half the size once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from kouling.picture.records import Barcode, Box

barcodes_max = 8
"""Barcodes told of one picture."""

text_length_max = 2_000
"""Characters of a barcode's text that are told."""

_formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_local, _fixed = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.FixedThreshold
_ink_max = 75  # how bright the brightest colour of ink may be
_cover = 1.08  # how much larger than a code what hides it from the second look is
_side_min = 21  # modules of the smallest QR code
_contrast_min = 96  # steps of 255 between darkest and brightest
_enlarged_side_max = 900  # pixels of the shorter side up to which a picture is also enlarged

Pixels = NDArray[np.uint8]


class Version(NamedTuple):
    """What the reader looks at, and how much larger the picture itself is.

    `is_ink` says that it is black and white already, so that no threshold has to be found;
    `both` that codes lighter than their ground are looked for as well.
    """

    pixels: Pixels
    scale: float = 1.0
    is_ink: bool = False
    both: bool = True


def find(pixels: Pixels) -> tuple[Barcode, ...]:
    """Return the barcodes in a picture, rows of RGB, or none."""
    if min(pixels.shape[:2]) < _side_min:
        return ()
    gray = _stretched(_bytes(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)))
    found = _first(_versions(pixels, gray))
    if not found:
        return ()
    # An easy code may stand there to draw the eye from one that is harder to see.
    rest = _first(_versions_of_rest(_without(_half(gray), found)))
    return (*found, *rest)[:barcodes_max]


def _first(versions: Iterator[Version]) -> tuple[Barcode, ...]:
    """Return what is seen in the first version that shows anything."""
    for seen in versions:
        found = zxingcpp.read_barcodes(
            seen.pixels,
            formats=_formats,
            try_downscale=False,
            try_invert=seen.both,
            binarizer=_fixed if seen.is_ink else _local,
        )
        if codes := tuple(_barcode(one, seen.scale) for one in found[:barcodes_max] if one.text):
            return codes
    return ()


def _versions(pixels: Pixels, gray: Pixels) -> Iterator[Version]:
    """Yield what to look at in a picture."""
    yield Version(gray, both=False)  # most codes are dark, and this is the largest version
    half = cv2.GaussianBlur(_half(gray), (5, 5), 0)
    yield Version(_bytes(half), 2.0)  # noise goes, modules stay
    pixels = _stretched(pixels)
    brightest = _brightest(pixels)
    yield Version(_darker(brightest, _ink_max), is_ink=True)
    yield Version(_darkest(brightest), is_ink=True)
    yield Version(_bytes(255 - gray), both=False)
    yield Version(_bytes(cv2.extractChannel(pixels, 0)))
    yield Version(_without_scratches(gray))
    if min(gray.shape) <= _enlarged_side_max:
        larger = cv2.resize(gray, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC)
        yield Version(_bytes(larger), 0.5)


def _versions_of_rest(half: Pixels) -> Iterator[Version]:
    """Yield what to look at once more where a code was found already, in gray at half its size."""
    gray = _stretched(half)
    yield Version(gray, 2.0)
    yield Version(_darkest(gray), 2.0, is_ink=True)


def _without(half: Pixels, found: Sequence[Barcode]) -> Pixels:
    """Return a picture of half the size without the codes that were found in the whole."""
    ground = cv2.mean(half)
    for one in found:
        corners = np.array(one.box.corners, np.float32) / 2
        middle = corners.mean(0)
        around = middle + (corners - middle) * _cover
        cv2.fillConvexPoly(half, np.rint(around).astype(np.int32), ground)
    return half


def _half(gray: Pixels) -> Pixels:
    return _bytes(cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _brightest(pixels: Pixels) -> Pixels:
    """Return the brightest colour of each pixel.

    Ink is dark in every colour, so a coloured ground up to the edge becomes a quiet zone.
    """
    red, green, blue = cv2.split(pixels)
    return _bytes(cv2.max(cv2.max(red, green), blue))


def _darkest(bright: Pixels) -> Pixels:
    """Return the darkest of the ink alone.

    A dark bar that touches the code is seldom quite as dark: the two are told apart.
    """
    ink = bright[bright <= _ink_max]
    if not ink.size:
        return _darker(bright, 0)
    between, _ = cv2.threshold(ink.reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)
    return _darker(bright, between)


def _bytes(pixels: Any) -> Pixels:
    return np.asarray(pixels, np.uint8)


def _stretched(pixels: Pixels) -> Pixels:
    """Return a picture of little contrast with more: the reader takes little for none."""
    low, high, *_ = cv2.minMaxLoc(pixels.reshape(len(pixels), -1))
    if high - low >= _contrast_min:
        return pixels
    more = 255 / max(1.0, high - low)
    return _bytes(cv2.convertScaleAbs(pixels, alpha=more, beta=-low * more))


def _darker(bright: Pixels, most: float) -> Pixels:
    """Return black where a picture is at most so bright, else white."""
    return _bytes(cv2.threshold(bright, most, 255, cv2.THRESH_BINARY)[1])


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
