"""What a worker tells of a picture: small plain records, whatever the bytes were."""

from __future__ import annotations

import msgspec

from kouling.picture.gap import Gap
from kouling.picture.records import Barcode, Line


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


class Imprint(msgspec.Struct, frozen=True, kw_only=True):
    """By what a picture is known again: 256-bit PDQ hashes and ORB features.

    `hashes` are of the whole picture, of its content without borders and of its largest block;
    `mirrored` the same seen in a mirror; `inner` are of nine parts of it, one of which a cropped
    copy shows.
    `points` are pairs of float32, `features` 32 bytes for each of them.
    """

    quality: int
    hashes: tuple[bytes, ...] = ()
    mirrored: tuple[bytes, ...] = ()
    inner: tuple[bytes, ...] = ()
    points: bytes = b""
    features: bytes = b""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that could be decoded: its format by content, and its upright size."""

    form: str
    width: int
    height: int


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """How many features of two pictures lie alike, out of how many, and whether in a mirror."""

    inliers: int = 0
    features: int = 0
    mirrored: bool = False


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
