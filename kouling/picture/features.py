"""Pixels become features: places that are found again in a copy, however it was scaled or cropped.

ORB features (Rublee 2011) are spread over the whole picture and over all scales, so that a copy
that shows a part, or that is shown small within a screenshot, has some of them. Runs in a worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kouling.picture.look import feature_bytes, point_type

features_max = 640
"""Features of a picture."""

cells_along = 8
"""Parts of the longer side; features are taken from all parts in turn."""

_found_for_each, _levels, _step, _margin, _contrast_min = 3, 11, 1.2, 19, 7

Gray = NDArray[np.uint8]


class Features(NamedTuple):
    """Features of a picture, the most telling first: where each is, and its 256 bits."""

    points: NDArray[np.void]
    bits: NDArray[np.uint8]

    @property
    def places(self) -> NDArray[np.float32]:
        """Where they are, in pixels."""
        return np.stack((self.points["x"], self.points["y"]), 1).astype(np.float32)


def find_features(gray: Gray) -> Features:
    """Return the features of a picture."""
    finder = cv2.ORB.create(
        _found_for_each * features_max,
        scaleFactor=_step,
        nlevels=_levels,
        edgeThreshold=_margin,
        fastThreshold=_contrast_min,
    )
    found = finder.detect(gray, None)
    if not found:
        return unpacked(b"", b"")
    kept, bits = finder.compute(gray, [found[place] for place in _spread(found, max(gray.shape))])
    if bits is None:
        return unpacked(b"", b"")
    points = np.array(
        [
            (round(one.pt[0]), round(one.pt[1]), one.octave, round(one.angle / 360 * 256) % 256)
            for one in kept
        ],
        point_type,
    )
    return Features(points, np.asarray(bits, np.uint8))


def unpacked(points: bytes, bits: bytes) -> Features:
    """Return features as an imprint keeps them."""
    return Features(
        np.frombuffer(points, point_type), np.frombuffer(bits, np.uint8).reshape(-1, feature_bytes)
    )


def _spread(found: Sequence[cv2.KeyPoint], side: int) -> NDArray[np.intp]:
    """Return the places of those to keep: the strongest of each part and scale, then the next."""
    cell = side / cells_along
    strength = np.array([one.response for one in found])
    across, down = (np.array([one.pt[axis] for one in found]) // cell for axis in (0, 1))
    scale = np.array([one.octave for one in found]) // 2
    part = (down * cells_along + across) * _levels + scale
    order = np.lexsort((-strength, part))
    starts = np.r_[0, np.flatnonzero(np.diff(part[order])) + 1]
    rank = np.empty(len(found), np.intp)
    lengths = np.diff(np.r_[starts, len(found)])
    rank[order] = np.arange(len(found)) - np.repeat(starts, lengths)
    return np.lexsort((-strength, rank))[:features_max]
