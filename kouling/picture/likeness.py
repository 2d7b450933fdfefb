"""Two pictures become a likeness: one is laid on the other, and what then differs is told.

A template is shared by many pictures, so that features alike prove little. By them (Rublee 2011,
fitted by RANSAC) a picture is laid on the known one and compared with it pixel by pixel: a copy
is the same wherever there is something to see, but for what was put over it; another product,
price or code of the same template is not. Runs in a worker only.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from kouling.picture.features import Features, Gray, find_features, unpacked
from kouling.picture.fingerprint import Box, apart_in, content_min, content_of, cut, gray_of
from kouling.picture.look import Facet, Imprint, Likeness, Spot
from kouling.picture.views import Pixels
from kouling.picture.votes import are_upright, places_of_middle

inliers_min = 6
"""Features that lie alike, below which nothing is laid on anything by them."""

afar_min = 0.85
"""Correlation from which on two pictures look the same from afar."""

same_min = 0.7
"""Correlation of the surroundings of a pixel from which on they are the same."""

spot_min = 60
"""Pixels that differ, one beside the other, that are no mere noise of scaling and saving."""

spots_max = 24
"""Spots told of; of more the largest."""

colourless_max = 0.25
"""Part of a plane's contrast below which a copy has lost it."""

compared_min = 1_500
"""Pixels with something to see that must be compared."""

_likes, _distance_max, _reprojection, _afar_side = 3, 70, 6.0, 24
_stretch_max = 6.0
_window, _edge, _reach, _cell = 15, 13, 4, 48
_blur, _plain_max = 0.8, 4.5
_plane_depths = ((4.5, 8.0), (8.0, 14.0))  # of a palette's 256 colours the red is coarse

Plane = NDArray[np.float32]
Move = NDArray[np.float64]


class Seen:
    """A picture of which it is asked what it is like; its features are found once."""

    def __init__(self, overview: Pixels) -> None:
        self._overview = overview

    @cached_property
    def ways(self) -> tuple[_Way, _Way]:
        """The picture, and its mirror image."""
        mirror = np.ascontiguousarray(self._overview[:, ::-1])
        return _Way(self._overview, mirrored=False), _Way(mirror, mirrored=True)


class _Way:
    def __init__(self, pixels: Pixels, *, mirrored: bool) -> None:
        self.pixels, self.mirrored = pixels, mirrored

    @cached_property
    def gray(self) -> Gray:
        return gray_of(self.pixels)

    @cached_property
    def features(self) -> Features:
        return find_features(self.gray)

    @cached_property
    def parts(self) -> list[tuple[Plane, Box]]:
        """The content and what stands apart in it, as each looks from afar."""
        boxes = dict.fromkeys((content_of(self.gray), *apart_in(self.gray)))
        return [(_from_afar(cut(self.gray, box)), box) for box in boxes]


def likeness(seen: tuple[Seen, ...], known: Imprint) -> Likeness:
    """Say how a picture, or its mirror image, is like a known one, by the frames most alike."""
    found = (
        _of_facet(way, facet)
        for one in seen
        for way in one.ways
        for facet in known.facets
        if min(way.gray.shape) >= content_min
    )
    best = Likeness()
    for one in found:
        best = max(best, one, key=_closeness)
        if best.is_whole:
            break
    return best


def _closeness(one: Likeness) -> tuple[float, int]:
    return one.compared * (1 - one.differing), one.inliers


def _of_facet(way: _Way, facet: Facet) -> Likeness:
    theirs = unpacked(facet.points, facet.features)
    features = min(len(way.features.bits), len(theirs.bits))
    decoded = cv2.imdecode(np.frombuffer(facet.small, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert decoded is not None, "it is what an imprint keeps"
    small = np.asarray(decoded, np.uint8)
    nothing = Likeness(features=features, mirrored=way.mirrored)
    move, inliers = _move(way, theirs, facet, small)
    if move is None:
        return nothing
    scale = max(small.shape) / max(facet.width, facet.height)
    compared = _compared(way.pixels, small, move * scale)
    if compared is None:
        return nothing
    return msgspec.structs.replace(
        nothing,
        inliers=inliers,
        compared=compared.share,
        differing=compared.differing,
        spots=compared.spots,
    )


def _move(way: _Way, theirs: Features, facet: Facet, small: Pixels) -> tuple[Move | None, int]:
    """Return the move that may lay a picture on a known one, and the features that agree on it.

    Where none do, it is a part of the picture that stands apart and looks the same from afar.
    """
    fitted = _fitted(way.features, theirs, facet)
    if fitted is not None:
        return fitted
    gray = gray_of(small)
    known = content_of(gray)
    scale = max(facet.width, facet.height) / max(small.shape)
    from_afar = _from_afar(cut(gray, known))
    likely = [(float(np.sum(from_afar * other)), box) for other, box in way.parts]
    best, box = max(likely, default=(0.0, (0, 0, 0, 0)))
    return (_stretched(box, known, scale), 0) if best >= afar_min else (None, 0)


def _from_afar(gray: Gray) -> Plane:
    """Return what a picture looks like in so few pixels; two of them multiply to a correlation."""
    small = cv2.resize(gray, (_afar_side, _afar_side), interpolation=cv2.INTER_AREA)
    level = small.astype(np.float32) - small.mean()
    return np.asarray(level / max(float(np.linalg.norm(level)), 1e-6), np.float32)


def _stretched(ours: Box, theirs: Box, scale: float) -> Move:
    """Return the move that lays one box on another, whose sides are to be scaled."""
    left, top, right, bottom = ours
    to_left, to_top, to_right, to_bottom = (scale * side for side in theirs)
    wide = (to_right - to_left) / (right - left)
    high = (to_bottom - to_top) / (bottom - top)
    return np.array([(wide, 0, to_left - wide * left), (0, high, to_top - high * top)])


def _fitted(ours: Features, theirs: Features, facet: Facet) -> tuple[Move, int] | None:
    """Return the move, turn and scaling that most features agree on, and how many do."""
    if min(len(ours.bits), len(theirs.bits)) < inliers_min:
        return None
    near = [
        (one.trainIdx, one.queryIdx)
        for pairs in cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(theirs.bits, ours.bits, k=_likes)
        for one in pairs
        if one.distance <= _distance_max
    ]
    at = np.array(near, np.intp).reshape(-1, 2)
    at = _agreeing(at, ours.points, theirs.points, facet)
    if len(at) < inliers_min:
        return None
    cv2.setRNGSeed(1)  # the same pictures give the same move
    move, inside = cv2.estimateAffinePartial2D(
        ours.places[at[:, 0]],
        theirs.places[at[:, 1]],
        method=cv2.RANSAC,
        ransacReprojThreshold=_reprojection,
        maxIters=3_000,
    )
    if move is None or not 1 / _stretch_max <= np.hypot(*move[:, 0]) <= _stretch_max:
        return None
    inliers = int(inside.sum())
    return (np.asarray(move, np.float64), inliers) if inliers >= inliers_min else None


def _agreeing(
    pairs: NDArray[np.intp], ours: NDArray[np.void], theirs: NDArray[np.void], facet: Facet
) -> NDArray[np.intp]:
    """Return the pairs of features that agree best on where the known picture lies."""
    pairs = pairs[are_upright(ours[pairs[:, 0]], theirs[pairs[:, 1]])]
    from_middle = theirs[pairs[:, 1]].copy()
    from_middle["x"] -= facet.width // 2
    from_middle["y"] -= facet.height // 2
    best = pairs[:0]
    for bins in places_of_middle(ours[pairs[:, 0]], from_middle):
        _, which, counts = np.unique(bins, axis=0, return_inverse=True, return_counts=True)
        if len(counts) and counts.max() > len(best):
            best = pairs[which.ravel() == counts.argmax()]
    return best


class _Compared(NamedTuple):
    """How much of a known picture was compared, how much of that differs, and where."""

    share: float
    differing: float
    spots: tuple[Spot, ...]


def _compared(pixels: Pixels, small: Pixels, move: Move) -> _Compared | None:
    """Lay a picture on a known one and compare what there is to see; None if that is too little."""
    size = (small.shape[1], small.shape[0])
    laid, covered = _laid(pixels, move, size)
    known = _as_coarse(small, float(np.hypot(*move[:, 0])))
    ours, theirs = _planes(laid), _planes(known)
    settled = _settling(theirs[0], ours[0])
    busy, differs = np.zeros(covered.shape, bool), np.zeros(covered.shape, bool)
    for one, other, depth in zip(ours, theirs, _plane_depths, strict=True):
        if one.std() < colourless_max * other.std():
            continue  # a copy in shades of gray has no red to be compared
        moved = cv2.remap(one, *settled, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        seen, different = _difference(np.asarray(moved, np.float32), other, depth)
        busy |= seen
        differs |= different
    whole = int((busy & _inner(np.full(covered.shape, 255, np.uint8))).sum())
    busy &= covered
    differs &= covered
    if busy.sum() < min(compared_min, whole) or not whole:
        return None
    share = float(busy.sum()) / whole
    return _Compared(share, float(differs.sum() / busy.sum()), _spots(differs))


def _laid(pixels: Pixels, move: Move, size: tuple[int, int]) -> tuple[Pixels, NDArray[np.bool_]]:
    """Return a picture laid on one of a size, and where it has covered that."""
    scale = float(np.hypot(*move[:, 0]))
    if scale < 1:  # so that nothing is skipped
        shrunk = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        factor = (shrunk.shape[1] / pixels.shape[1], shrunk.shape[0] / pixels.shape[0])
        pixels, move = np.asarray(shrunk, np.uint8), move / np.array([*factor, 1.0])
    laid = cv2.warpAffine(pixels, move, size, borderMode=cv2.BORDER_REPLICATE)
    white = np.full(pixels.shape[:2], 255, np.uint8)
    covered = cv2.warpAffine(white, move, size, flags=cv2.INTER_NEAREST)
    return np.asarray(laid, np.uint8), _inner(np.asarray(covered, np.uint8))


def _inner(covered: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return what is covered, without its edge and the picture's: there too little is around."""
    bare = np.zeros_like(covered)
    bare[_edge:-_edge, _edge:-_edge] = covered[_edge:-_edge, _edge:-_edge]
    around = np.ones((2 * _edge + 1, 2 * _edge + 1), np.uint8)
    return np.asarray(cv2.erode(bare, around) > 0)


def _as_coarse(small: Pixels, scale: float) -> Pixels:
    """Return the known picture as coarse as one that had to be made larger by this scale."""
    if scale <= 1:
        return small
    height, width = small.shape[:2]
    size = (max(1, round(width / scale)), max(1, round(height / scale)))
    coarse = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(coarse, (width, height)), np.uint8)


def _planes(pixels: Pixels) -> tuple[Plane, Plane]:
    """Return how light a picture is, and how red: red print on a ground as light is seen there."""
    blurred = cv2.GaussianBlur(pixels, (0, 0), _blur)
    lit = cv2.cvtColor(blurred, cv2.COLOR_RGB2YCrCb).astype(np.float32)
    return np.ascontiguousarray(lit[..., 0]), np.ascontiguousarray(lit[..., 1])


def _difference(
    one: Plane, other: Plane, depth: tuple[float, float]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each pixel whether there is something to see around it, and whether that differs.

    The depth of a plane is its noise and the contrast from which on something is to be seen.
    """
    mean, mean_other = _around(one), _around(other)
    spread = np.maximum(_around(one * one) - mean * mean, 0)
    spread_other = np.maximum(_around(other * other) - mean_other * mean_other, 0)
    together = _around(one * other) - mean * mean_other
    noise, contrast_min = (level**2 for level in depth)
    alike = (together + noise) / np.sqrt((spread + noise) * (spread_other + noise))
    busy = np.maximum(spread, spread_other) > contrast_min
    return busy, busy & (alike < same_min)


def _around(plane: Plane) -> Plane:
    return np.asarray(cv2.blur(plane, (_window, _window)), np.float32)


def _settling(known: Plane, laid: Plane) -> tuple[Plane, Plane]:
    """Return from where each pixel is best taken: parts are moved by a few pixels to fit better."""
    height, width = known.shape
    shifts = np.full((-(-height // _cell), -(-width // _cell), 2), np.nan, np.float32)
    for row, column in np.ndindex(*shifts.shape[:2]):
        shifts[row, column] = _shift(known, laid, column * _cell, row * _cell)
    usual = np.nanmedian(shifts.reshape(-1, 2), 0) if np.isfinite(shifts).any() else 0
    shifts = np.where(np.isfinite(shifts), shifts, usual).astype(np.float32)
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    at_x, at_y = ((axis / _cell - 0.5).astype(np.float32) for axis in (across, down))
    dx, dy = (
        cv2.remap(
            np.ascontiguousarray(shifts[..., axis]),
            at_x,
            at_y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for axis in (0, 1)
    )
    return (across + dx).astype(np.float32), (down + dy).astype(np.float32)


def _shift(known: Plane, laid: Plane, left: int, top: int) -> tuple[float, float]:
    """Return by how much one part fits better, in parts of pixels; not a number if it can't."""
    height, width = known.shape
    half = _cell // 2
    left, right = max(_reach, left - half), min(width - _reach, left + _cell + half)
    top, bottom = max(_reach, top - half), min(height - _reach, top + _cell + half)
    part = known[top:bottom, left:right]
    if min(part.shape) < _window or part.std() < _plain_max:
        return np.nan, np.nan
    around = laid[top - _reach : bottom + _reach, left - _reach : right + _reach]
    fits = cv2.matchTemplate(around, part, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(fits)
    if best < 0.5:
        return np.nan, np.nan
    return x - _reach + _peak(fits[y], x), y - _reach + _peak(fits[:, x], y)


def _peak(fits: NDArray[Any], place: int) -> float:
    """Return by how much the top lies beside a place, by a parabola through its neighbours."""
    if not 0 < place < len(fits) - 1:
        return 0.0
    before, here, after = (float(one) for one in fits[place - 1 : place + 2])
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def _spots(differs: NDArray[np.bool_]) -> tuple[Spot, ...]:
    """Return the boxes of what differs, in thousandths of width and height, the largest first."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(differs.astype(np.uint8), connectivity=8)
    height, width = differs.shape
    found = [tuple(map(int, row)) for row in stats[1:] if row[cv2.CC_STAT_AREA] >= spot_min]
    found.sort(key=lambda row: -row[cv2.CC_STAT_AREA])
    return tuple(
        (
            1_000 * left // width,
            1_000 * top // height,
            1_000 * (left + wide) // width,
            1_000 * (top + high) // height,
        )
        for left, top, wide, high, _ in found[:spots_max]
    )
