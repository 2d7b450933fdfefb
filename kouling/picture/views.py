"""A picture becomes what readers look at: views for print, larger sections for barcodes.

A long picture is cut along its longer side. Neighbours share more than what may stand there is
long, so that nothing is cut in all of them; what looks the same is looked at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

views_max = 12
"""Views of one picture: its tiles, on each background, of each frame."""

legible_side_min = 8
"""Pixels of the shorter side in which anything could be read; a smaller picture has no views."""

narrow_max, narrow_margin = 256, 24
"""Pixels of a narrow view's shorter side, and of the margin that its print is given."""

Pixels = NDArray[np.uint8]


class Pane(NamedTuple):
    """Pixels to look at, rows of RGB; the picture's pixel is `at` plus `scale` times the view's."""

    pixels: Pixels
    left: int
    top: int
    scale: float


class Cut(NamedTuple):
    """How long a piece may be, at least so many pixels, and how many of them neighbours share."""

    length_min: int
    ratio_max: float
    lap: int

    def tiles(self, width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield left, top, right and bottom of the pieces of a picture, evenly spread."""
        short, long = sorted((width, height))
        reach = min(long, max(self.length_min, round(short * self.ratio_max)))
        count = 1 if reach == long else -(-(long - self.lap) // (reach - self.lap))
        for number in range(count):
            start = (long - reach) * number // max(1, count - 1)
            end = start + reach
            yield (start, 0, end, height) if width > height else (0, start, width, end)


for_print = Cut(1_440, 2.4, 640)
"""A phone's screen is one view; no code in print is longer than 640 pixels."""

for_barcodes = Cut(5_760, 4.0, 1_440)
"""A barcode is as wide as the picture at most, which is made no larger than this."""


class Views:
    """What was seen of a picture so far: `first` is its first frame, on the first background."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._seen: set[bytes] = set()
        self._views: dict[bytes, Pane] = {}
        self.first: Pane | None = None
        self.sections: list[Pane] = []

    def add(self, pixels: Pixels) -> None:
        """Add a frame on a background, made smaller."""
        whole = Pane(pixels, 0, 0, self._size[0] / pixels.shape[1])
        self.first = self.first or whole
        digest = _digest(pixels)
        if digest in self._seen or min(pixels.shape[:2]) < legible_side_min:
            return
        self._seen.add(digest)
        self.sections += _pieces(whole, for_barcodes)
        for view in _pieces(whole, for_print):
            if len(self._views) > views_max:
                return
            self._views.setdefault(_digest(view.pixels), _with_margin(view))

    @property
    def told(self) -> tuple[Pane, ...]:
        """The views that are looked at."""
        return tuple(self._views.values())[:views_max]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are looked at."""
        return len(self._views) > views_max


def _pieces(whole: Pane, cut: Cut) -> Iterator[Pane]:
    height, width = whole.pixels.shape[:2]
    for left, top, right, bottom in cut.tiles(width, height):
        place = round(left * whole.scale), round(top * whole.scale)
        yield Pane(whole.pixels[top:bottom, left:right], *place, whole.scale)


def _with_margin(view: Pane) -> Pane:
    """Return a narrow view with more of its edges' colours around it."""
    if min(view.pixels.shape[:2]) > narrow_max:
        return view
    around = (narrow_margin, narrow_margin)
    wider = np.pad(view.pixels, (around, around, (0, 0)), mode="edge")
    off = round(narrow_margin * view.scale)
    return Pane(wider, view.left - off, view.top - off, view.scale)


def _digest(pixels: Pixels) -> bytes:
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)  # no copy where the rows are whole
    return digest.digest()
