"""Pixels become an imprint, by which the picture is known again after small changes.

PDQ (Meta 2019), a 256-bit hash of what the picture looks like from afar, finds candidates among
a million. Hashed are the whole, the content without borders, parts of it, and what stands apart in
it, as a picture does in a screenshot. Features (`features`) find it where only a part of it is
shown, and a small copy is kept to compare it with. Runs in a worker only.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import product

import cv2
import numpy as np
import pdqhash
from PIL import Image

from kouling.picture.features import Gray, find_features
from kouling.picture.look import Facet, Imprint
from kouling.picture.views import Pixels

small_side = 480
"""Pixels of the longer side of the small copy that is kept to be compared."""

small_quality = 75
"""Quality of that copy as WebP."""

facets_max = 5
"""Faces of a picture that are kept: frames, on each background, that look different."""

facet_distance_min = 16
"""Bits in which two facets of a picture differ at least."""

parts_max = 6
"""Parts that stand apart which are hashed, the largest."""

part_side_min = 0.12
"""Part of the longer side of a picture that such a part has at least, in width and height."""

coarse_side = 512
"""Pixels of the longer side of what is hashed."""

border_max = 0.45
"""Part of the width or height that a border takes on one side at most."""

content_min = 32
"""Pixels that the content without borders has at least on each side."""

inner_part = 0.9
"""Part of width and height that the nine parts of a picture have."""

block_part_min = 0.2
"""Part of a picture that its largest block has at least to be hashed by itself."""

block_gap_max = 0.1
"""Part of the height that rows without anything in them may have within a block."""

_hashed_side = 128
_tolerance = 12.0

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


def fingerprint(overviews: Sequence[Pixels]) -> Imprint:
    """Return the imprint of a picture by its overviews."""
    facets: list[Facet] = []
    for overview in overviews:
        if min(overview.shape[:2]) < content_min or len(facets) == facets_max:
            continue  # too small to be told from any other, or one too many
        facet = _facet(overview)
        if all(_distance(facet.hashes[0], one.hashes[0]) >= facet_distance_min for one in facets):
            facets.append(facet)
    return Imprint(facets=tuple(facets))


def _facet(overview: Pixels) -> Facet:
    gray = gray_of(overview)
    coarse = _resized(gray, coarse_side) if max(gray.shape) > coarse_side else gray
    content = trimmed(coarse)
    hashes = [_hashes(seen) for seen in _differing(coarse, content, _block(coarse))]
    found = find_features(gray)
    return Facet(
        width=gray.shape[1],
        height=gray.shape[0],
        hashes=tuple(whole for whole, _ in hashes),
        mirrored=tuple(mirrored for _, mirrored in hashes),
        inner=tuple(_hashes(part)[0] for part in _parts(content)),
        parts=tuple(_hashes(cut(gray, box))[0] for box in apart_in(gray)),
        points=found.points.tobytes(),
        features=found.bits.tobytes(),
        small=_small(overview),
    )


def _small(overview: Pixels) -> bytes:
    image = Image.fromarray(overview)
    image.thumbnail((small_side, small_side), Image.Resampling.BOX)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=small_quality, method=2)
    return out.getvalue()


def _distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def apart_in(gray: Gray) -> list[Box]:
    """Return the largest parts that bare ground surrounds: pictures in a chat, in a collage."""
    ground = int(np.bincount(gray.ravel(), minlength=256).argmax())
    busy = (np.abs(gray.astype(np.int16) - ground) > _tolerance).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(busy, connectivity=8)
    side = part_side_min * max(gray.shape)
    large = stats[1:][(stats[1:, 2:4] >= side).all(1)].tolist()
    large.sort(key=lambda row: -row[2] * row[3])
    return [(left, top, left + wide, top + high) for left, top, wide, high, _ in large[:parts_max]]


def cut(gray: Gray, box: Box) -> Gray:
    """Return the part of a picture in a box."""
    left, top, right, bottom = box
    return np.ascontiguousarray(gray[top:bottom, left:right])


def content_of(gray: Gray) -> Box:
    """Return the box of a picture without borders of one colour."""
    top, bottom = _content(gray)
    left, right = _content(gray[top:bottom].T)
    if min(bottom - top, right - left) < content_min:
        return 0, 0, gray.shape[1], gray.shape[0]
    return left, top, right, bottom


def trimmed(gray: Gray) -> Gray:
    """Return the picture without borders of one colour; the whole if little would be left."""
    return cut(gray, content_of(gray))


def _content(rows: Gray) -> tuple[int, int]:
    """Return from which row to which there is more than a border of one colour."""
    low, high = rows.min(1).astype(float), rows.max(1).astype(float)
    reach = int(len(rows) * border_max)
    start, end = 0, len(rows)
    while start < reach and _plain(low[start], high[start], low[0], high[0]):
        start += 1
    while len(rows) - end < reach and _plain(low[end - 1], high[end - 1], low[-1], high[-1]):
        end -= 1
    return start, end


def _plain(low: float, high: float, first_low: float, first_high: float) -> bool:
    """Whether a row is of one colour, and that of the outermost."""
    return high - low <= _tolerance and abs(high + low - first_high - first_low) <= _tolerance


def _block(gray: Gray) -> Gray:
    """Return the largest part of a picture that no wide stripe of bare ground crosses.

    In a screenshot this is the picture that is shown, without what stands above and below.
    """
    top, bottom = _longest(gray)
    left, right = _content(gray[top:bottom].T)
    block = gray[top:bottom, left:right]
    large = block.size >= block_part_min * gray.size and min(block.shape) >= content_min
    return np.ascontiguousarray(block) if large else gray


def _longest(rows: Gray) -> tuple[int, int]:
    """Return the longest run of rows with something on the ground, narrow gaps included.

    The ground is of the tone of the uppermost or of the lowest row.
    """
    low, high = rows.min(1).astype(float), rows.max(1).astype(float)
    bare = np.zeros(len(rows), bool)
    for edge in (0, -1):
        tone = (low[edge] + high[edge]) / 2
        bare |= np.maximum(high - tone, tone - low) <= _tolerance
    (busy,) = np.nonzero(~bare)
    if not len(busy):
        return 0, len(rows)
    runs = np.split(busy, np.nonzero(np.diff(busy) > block_gap_max * len(rows))[0] + 1)
    longest = max(runs, key=lambda run: int(run[-1] - run[0]))
    return int(longest[0]), int(longest[-1]) + 1


def _differing(*seen: Gray) -> list[Gray]:
    """Return those that are not of the size of an earlier one: all are parts of one picture."""
    return list({part.shape: part for part in reversed(seen)}.values())[::-1]


def _parts(gray: Gray) -> list[Gray]:
    """Return parts from all corners, sides and the middle, one of which a cropped copy shows."""
    height, width = gray.shape
    dy, dx = int(height * (1 - inner_part)), int(width * (1 - inner_part))
    places = product((0, dy // 2, dy), (0, dx // 2, dx))
    return [np.ascontiguousarray(gray[y : y + height - dy, x : x + width - dx]) for y, x in places]


def _hashes(gray: Gray) -> tuple[bytes, bytes]:
    """Return the hash of a picture and that of its mirror image."""
    small = _resized(gray, _hashed_side) if max(gray.shape) > _hashed_side else gray
    bits, _ = pdqhash.compute_dihedral(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB))
    packed = [np.packbits(np.asarray(one, np.uint8)).tobytes() for one in bits]
    return packed[0], packed[_mirror]


_mirror = 5  # of the eight that PDQ gives


def gray_of(overview: Pixels) -> Gray:
    """Return the lightness of pixels."""
    return np.asarray(cv2.cvtColor(overview, cv2.COLOR_RGB2GRAY), np.uint8)


def _resized(gray: Gray, side: int) -> Gray:
    scale = side / max(gray.shape)
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
