"""QR codes and other two-dimensional codes in a picture, by steps, the cheap ones first.

Each step shows the reader (zxing-cpp) another version of the picture: gray, smoothed, its ink
alone, one colour channel, cleaned of thin lines, larger. What one version shows is painted over
before the next, so that an easy code does not draw the eye from a harder one. A QR code that is
seen and can't be read is told as well. Striped codes are not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from kouling.picture.records import Barcode, Box

_Format = zxingcpp.BarcodeFormat
_squares = zxingcpp.BarcodeFormats([_Format.QRCode, _Format.MicroQRCode, _Format.RMQRCode])
_aztec = zxingcpp.BarcodeFormats([_Format.Aztec])
_others = zxingcpp.BarcodeFormats([_Format.Aztec, _Format.DataMatrix, _Format.PDF417])
_local, _fixed = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.FixedThreshold
_ink_max = 75  # how bright the brightest colour of ink may be
_cover = 1.08  # how much larger than a code what hides it from the next look is
_side_min = 10  # modules of the smallest code, a Data Matrix
_slant_max = 1.2  # of a code's shortest side: what is longer on one is a pattern that looks alike
_contrast_min = 96  # steps of 255 between darkest and brightest
_enlarged_side_max = 900  # pixels of the shorter side up to which a picture is also enlarged

Pixels = NDArray[np.uint8]


class Version(NamedTuple):
    """What the reader looks at, and how much larger the picture itself is.

    `is_ink` says that it is black and white already, so that no threshold has to be found;
    `both` that codes lighter than their ground are looked for as well; `others` which codes other
    than QR are: for most that takes several times as long.
    """

    pixels: Pixels
    scale: float = 1.0
    is_ink: bool = False
    both: bool = True
    others: zxingcpp.BarcodeFormats | None = None


class Rest:
    """A picture in which codes are painted over once they were found."""

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self.gray = _stretched(_bytes(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)))

    def paint_over(self, codes: Sequence[Barcode]) -> None:
        """Give the places of codes the picture's mean colour."""
        self.pixels, self.gray = _without(self.pixels, codes), _without(self.gray, codes)


def find(pixels: Pixels) -> tuple[Barcode, ...]:
    """Return the codes in a picture, rows of RGB, each once; those that can't be read come last."""
    if min(pixels.shape[:2]) < _side_min:
        return ()
    rest = Rest(pixels)
    read: dict[tuple[str, str], Barcode] = {}
    unread: list[Barcode] = []
    for version in _versions(rest):
        seen = _seen(version)
        if codes := [one for one in seen if one.text]:
            read |= {(one.form, one.text): one for one in codes}
            rest.paint_over(codes)
        unread += (one for one in seen if not one.text and _is_square(one.box))
    return (*read.values(), *_apart(unread, [*read.values()]))


def _seen(version: Version) -> list[Barcode]:
    """Return what one version shows; the text of a code that could not be read is empty."""

    def read(formats: zxingcpp.BarcodeFormats, errors: bool) -> list[zxingcpp.Barcode]:
        return zxingcpp.read_barcodes(
            version.pixels,
            formats=formats,
            try_downscale=False,
            try_invert=version.both,
            binarizer=_fixed if version.is_ink else _local,
            return_errors=errors,
        )

    # Ink alone often has three patches that stand as the corners of a QR code do.
    found = read(_squares, errors=not version.is_ink)
    if version.others is not None:
        found += read(version.others, errors=False)
    told = (one for one in found if one.valid or one.format == _Format.QRCode)
    return [_barcode(one, version.scale) for one in told]


def _is_square(box: Box) -> bool:
    corners = np.array(box.corners, np.float32)
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    return 0 < float(sides.max()) <= _slant_max * float(sides.min())


def _apart(unread: Sequence[Barcode], read: Sequence[Barcode]) -> Iterator[Barcode]:
    """Yield the codes that were not read, each place once, without places of those that were."""
    taken = [one.box.bounds() for one in read]
    for one in unread:
        left, top, right, bottom = one.box.bounds()
        across, down = (left + right) / 2, (top + bottom) / 2
        if not any(a <= across <= c and b <= down <= d for a, b, c, d in taken):
            taken.append(one.box.bounds())
            yield one


def _versions(rest: Rest) -> Iterator[Version]:
    """Yield what to look at in a picture; what is painted over meanwhile is not in the next."""
    is_small = min(rest.gray.shape) <= _enlarged_side_max
    yield Version(rest.gray, both=False, others=_aztec)  # most codes are dark, here largest
    half = cv2.GaussianBlur(_half(rest.gray), (5, 5), 0)
    yield Version(_bytes(half), 2.0, others=_others)  # noise goes, modules stay
    brightest = _brightest(_stretched(rest.pixels))
    yield Version(_darker(brightest, _ink_max), is_ink=True)
    yield Version(_darkest(_brightest(_stretched(rest.pixels))), is_ink=True)
    yield Version(_bytes(255 - rest.gray), both=False)
    yield Version(_bytes(cv2.extractChannel(_stretched(rest.pixels), 0)))
    yield Version(_without_scratches(rest.gray))
    if is_small:
        yield Version(rest.gray, both=False, others=_others)
        larger = cv2.resize(rest.gray, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC)
        yield Version(_bytes(larger), 0.5)


def _without(pixels: Pixels, found: Sequence[Barcode]) -> Pixels:
    """Return a picture without the codes that were found in it."""
    rest = pixels.copy()
    ground = cv2.mean(pixels)
    for one in found:
        corners = np.array(one.box.corners, np.float32)
        middle = corners.mean(0)
        around = middle + (corners - middle) * _cover
        cv2.fillConvexPoly(rest, np.rint(around).astype(np.int32), ground)
    return rest


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
    text = found.text if found.valid else ""
    return Barcode(text=text, form=str(found.format), box=Box((a, b, c, d)))
