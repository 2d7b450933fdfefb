"""What a worker tells of a picture: small plain records, whatever the bytes were."""

from __future__ import annotations

import msgspec
import numpy as np

from kouling.picture.gap import Gap
from kouling.picture.records import Barcode, Line

feature_bytes = 32
"""Bytes of one ORB feature."""

point_type = np.dtype([("x", np.int16), ("y", np.int16), ("level", np.uint8), ("turn", np.uint8)])
"""Where a feature is, on which level of ever smaller pictures, and how it is turned, of 256."""

whole_min = 0.9
"""Part of a known picture that is taken for all of it."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What looking at a picture took; `memory_mb` is the worker's peak so far."""

    cpu_ms: float = 0.0
    memory_mb: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        """Return the cost of one step and another."""
        return Cost(
            cpu_ms=self.cpu_ms + other.cpu_ms, memory_mb=max(self.memory_mb, other.memory_mb)
        )

    def __sub__(self, before: Cost) -> Cost:
        """Return what was spent since."""
        return Cost(cpu_ms=self.cpu_ms - before.cpu_ms, memory_mb=self.memory_mb)


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which a picture shows itself: a frame of it, on a background.

    `hashes` are PDQ's 256 bits of the whole, of its content without borders and of its largest
    block; `mirrored` the same seen in a mirror. `inner` are of nine parts of it, one of which a
    cropped copy shows; `parts` of what stands apart in it, one of which may be a known picture.
    `points` are of `point_type`, `features` have `feature_bytes` for each of them, both in pixels
    of an overview of `width` and `height`; `small` is a small WebP of it.
    """

    width: int
    height: int
    hashes: tuple[bytes, ...]
    mirrored: tuple[bytes, ...]
    inner: tuple[bytes, ...]
    parts: tuple[bytes, ...]
    points: bytes
    features: bytes
    small: bytes


class Imprint(msgspec.Struct, frozen=True, kw_only=True):
    """By what a picture is known again: its facets; none if it is too small to be told apart."""

    facets: tuple[Facet, ...] = ()


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that could be decoded: its format by content, and its upright size."""

    form: str
    width: int
    height: int


Spot = tuple[int, int, int, int]
"""A box in thousandths of a picture's width and height: left, top, right, bottom."""


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """How a picture is like a known one, after it was laid on it, perhaps in a mirror.

    So many of its `features` lie alike. `compared` is the part of what there is to see in the
    known one that could be compared, `differing` the part of that which is not the same, and
    `spots` are the boxes of it in the known one, but for mere noise.
    """

    inliers: int = 0
    features: int = 0
    mirrored: bool = False
    compared: float = 0.0
    differing: float = 1.0
    spots: tuple[Spot, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all that was compared is the same, and that is most of the known one."""
        return self.compared >= whole_min and not self.spots


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """All that was seen in one picture, so far as it was looked into.

    `refused` says why it was not looked into, and is None otherwise; `left_out` what of it was
    not. `barcodes` and `lines` are None while nobody has looked for them; their boxes are in
    the upright picture.
    """

    refused: Gap | None = None
    left_out: tuple[Gap, ...] = ()
    opened: Opened | None = None
    imprint: Imprint | None = None
    barcodes: tuple[Barcode, ...] | None = None
    lines: tuple[Line, ...] | None = None
    cost: Cost = Cost()
