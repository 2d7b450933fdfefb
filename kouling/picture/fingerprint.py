"""Pixels become an imprint, by which the picture is known again after small changes.

PDQ (Meta 2019), a 256-bit hash of what the picture looks like from afar, finds candidates among
a million; ORB features (Rublee 2011), matched and fitted by RANSAC, decide between them. Hashed
are the whole, and the content without borders, each also in a mirror. Runs in a worker only.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import cv2
import numpy as np
import pdqhash
from numpy.typing import NDArray

from kouling.picture.look import Imprint, Likeness
from kouling.picture.views import Pixels

features_max = 400
"""ORB features of a picture."""

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

_hashed_side, _featured_side = 128, 480
_tolerance = 12.0
_ratio = 0.8
_reprojection = 5.0
_sought_min = 8
_stretch_max = 3.0

Gray = NDArray[np.uint8]


def fingerprint(overview: Pixels) -> Imprint:
    """Return the imprint of a picture's overview."""
    gray = _gray(overview)
    if min(gray.shape) < content_min:
        return Imprint(quality=0)  # too small to be told from any other
    content = trimmed(gray)
    hashes = [_hashes(seen) for seen in _differing(gray, content, _block(gray))]
    points, features = _features(content)
    return Imprint(
        quality=max(quality for _, _, quality in hashes),
        hashes=tuple(whole for whole, _, _ in hashes),
        mirrored=tuple(mirrored for _, mirrored, _ in hashes),
        inner=tuple(_hashes(part)[0] for part in _parts(content)),
        points=points.tobytes(),
        features=features.tobytes(),
    )


def likeness(overview: Pixels, known: Imprint) -> Likeness:
    """Say how many features of a picture, or of its mirror image, lie as in a known one."""
    if min(overview.shape[:2]) < content_min:
        return Likeness()
    content = trimmed(_gray(overview))
    theirs = (
        np.frombuffer(known.points, np.float32).reshape(-1, 2),
        np.frombuffer(known.features, np.uint8).reshape(-1, 32),
    )
    ways = []
    for mirrored in (False, True):
        ours = _features(np.ascontiguousarray(content[:, ::-1]) if mirrored else content)
        features = min(len(ours[1]), len(theirs[1]))
        ways.append(Likeness(inliers=_inliers(ours, theirs), features=features, mirrored=mirrored))
    return max(ways, key=lambda way: way.inliers)


def trimmed(gray: Gray) -> Gray:
    """Return the picture without borders of one colour; the whole if little would be left."""
    top, bottom = _content(gray)
    left, right = _content(gray[top:bottom].T)
    if min(bottom - top, right - left) < content_min:
        return gray
    return np.ascontiguousarray(gray[top:bottom, left:right])


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


def _hashes(gray: Gray) -> tuple[bytes, bytes, int]:
    """Return the hash of a picture, that of its mirror image, and how much there is to hash."""
    small = _resized(gray, _hashed_side) if max(gray.shape) > _hashed_side else gray
    bits, quality = pdqhash.compute_dihedral(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB))
    packed = [np.packbits(np.asarray(one, np.uint8)).tobytes() for one in bits]
    return packed[0], packed[_mirror], int(quality)


_mirror = 5  # of the eight that PDQ gives


def _features(gray: Gray) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    finder = cv2.ORB.create(features_max, fastThreshold=10)
    points, features = finder.detectAndCompute(_resized(gray, _featured_side), None)
    if features is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8)
    places = np.array([point.pt for point in points], np.float32)
    return places, np.asarray(features, np.uint8)


def _inliers(ours: tuple[Any, Any], theirs: tuple[Any, Any]) -> int:
    """Count the matched features that agree on one move, turn and scaling."""
    if min(len(ours[1]), len(theirs[1])) < _sought_min:
        return 0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(ours[1], theirs[1], k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < _ratio * p[1].distance]
    if len(good) < _sought_min:
        return 0
    cv2.setRNGSeed(1)  # the same pictures give the same count
    matrix, inside = cv2.estimateAffinePartial2D(
        ours[0][[match.queryIdx for match in good]],
        theirs[0][[match.trainIdx for match in good]],
        method=cv2.RANSAC,
        ransacReprojThreshold=_reprojection,
    )
    if matrix is None:
        return 0
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    return int(inside.sum()) if 1 / _stretch_max <= scale <= _stretch_max else 0


def _gray(overview: Pixels) -> Gray:
    return np.asarray(cv2.cvtColor(overview, cv2.COLOR_RGB2GRAY), np.uint8)


def _resized(gray: Gray, side: int) -> Gray:
    scale = side / max(gray.shape)
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
