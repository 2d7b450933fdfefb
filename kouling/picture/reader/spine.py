"""The middle of a bent line: a patch of the text map comes in, points from left to right go out.

A line along an arch fills little of the rectangle around it. Its middle is fitted by a parabola,
along which it is straightened before it is read.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_bins, _filled_min = 24, 8
_bend_min, _off_max = 0.3, 0.35  # of the line's thickness: less is straight, more is no line
_length_min = 3.0  # thicknesses
_points = 33

Floats = NDArray[np.float32]


def spine_of(
    inside: NDArray[np.uint8], corner: tuple[int, int], box: Floats
) -> tuple[Floats, float] | None:
    """Return the middle of a bent patch and how thick the patch is, or None for any other shape.

    `inside` marks the patch in the rectangle that begins at `corner`; the first side of `box`, the
    grown one around it, runs along the line.
    """
    down, across = np.nonzero(inside)
    points = np.stack([across, down], 1).astype(np.float32) + np.array(corner, np.float32)
    centre, axis = points.mean(0), box[1] - box[0]
    axis = axis / np.linalg.norm(axis)
    aside = np.array([-axis[1], axis[0]], np.float32)
    along, off = (points - centre) @ axis, (points - centre) @ aside
    fitted = _parabola(along, off)
    if fitted is None:
        return None
    curve, thick = fitted
    reach = 0.5 * thick  # as straight boxes grow, so does the spine at both ends
    places = np.linspace(along.min() - reach, along.max() + reach, _points, dtype=np.float32)
    heights = np.polyval(curve, places).astype(np.float32)
    return centre + places[:, None] * axis + heights[:, None] * aside, thick


def _parabola(along: Floats, off: Floats) -> tuple[NDArray[np.float64], float] | None:
    length = float(np.ptp(along))
    place = ((along - along.min()) / max(length, 1e-6) * (_bins - 1e-3)).astype(int)
    counts = np.bincount(place, minlength=_bins)
    filled = counts > 0
    if filled.sum() < _filled_min:
        return None
    middles = np.bincount(place, off, _bins)[filled] / counts[filled]
    where = along.min() + (np.nonzero(filled)[0] + 0.5) * length / _bins
    curve = np.polyfit(where, middles, 2)
    thick = float(np.median(counts[filled]) * _bins / max(length, 1e-6))
    bend = abs(float(curve[0])) * (length / 2) ** 2
    astray = float(np.abs(np.polyval(curve, where) - middles).max())
    if bend < _bend_min * thick or astray > _off_max * thick or length < _length_min * thick:
        return None
    return curve, thick
