"""Where lines are printed: a network's text map becomes four-cornered boxes, some with a spine.

The method is DB (Liao et al., "Real-time Scene Text Detection with Differentiable
Binarization", AAAI 2020): pixels above a threshold are joined, each patch gets the smallest
rectangle around it, and that grows, since the network marks only the middle of a line.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kouling.picture.reader.networks import Floats, line_finder
from kouling.picture.reader.spine import spine_of

side = 448
"""The picture is looked at as large as a square of this many pixels a side."""

closer_side = 704
"""The same where the first look may have missed a line."""

patches_max = 300
"""Patches of text that are looked at in one picture."""

_pixel_sure, _patch_sure, _growth, _thin = 0.3, 0.5, 1.6, 3.0
_bent_max = 0.85  # of its box: a patch that fills more is not bent
_on_end_ratio = 1.5  # a box that much higher than wide holds a line that stands on end
_step = 32  # sides are multiples of it, as the network halves them five times
_long_ratio = 2  # of its sides: up to here a picture is looked at as if it were a square
_stretch_max = 8  # a picture longer than that is looked at as if it were not
_mean, _spread = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float32]
"""Four corners (x, y), clockwise."""


class PrintedLine(NamedTuple):
    """A printed line: its box, and its middle from end to end with its height if it is bent.

    The first side of the box runs along the line; whether forwards is not known yet.
    """

    corners: Corners
    spine: Floats | None = None
    height: float = 0.0

    def size(self) -> tuple[float, float]:
        """Return the box's width and height along its own sides."""
        a, b, c, d = self.corners
        across = max(np.linalg.norm(a - b), np.linalg.norm(d - c))
        down = max(np.linalg.norm(a - d), np.linalg.norm(b - c))
        return float(across), float(down)

    def is_on_end(self) -> bool:
        """Whether the line is straight and runs down rather than across."""
        along = self.corners[1] - self.corners[0]
        return self.spine is None and abs(float(along[1])) > abs(float(along[0]))


class Print(NamedTuple):
    """Where print stands: lines, and pieces of those whose letters are set apart.

    `specks` counts patches that look like print and are too small or unsure to be a line.
    """

    lines: list[PrintedLine]
    specks: int


def find_print(pixels: Pixels, size: int = side) -> Print:
    """Return where print stands in a picture, looked at as large as a square of that side."""
    height, width = pixels.shape[:2]
    shape = _shape(width, height, size)
    small = cv2.resize(pixels, shape, interpolation=cv2.INTER_LINEAR)
    batch = np.asarray(cv2.dnn.blobFromImage(small, mean=_mean), np.float32)
    batch[0] /= np.array(_spread, np.float32)[:, None, None]
    text_map = line_finder()(batch).reshape(shape[1], shape[0])
    stretch = np.array([width / shape[0], height / shape[1]], np.float32)
    limit = np.array([width - 1, height - 1], np.float32)
    patches = _patches(text_map)
    found = [line for patch in patches if (line := _line(patch, text_map)) is not None]
    lines = [_stretched(one, stretch, limit) for one in found]
    return Print(lines, len(patches) - len(lines))


def _shape(width: int, height: int, size: int) -> tuple[int, int]:
    """Return the sides to look at: about as many pixels as the square has, in whole steps.

    A longer picture has no fewer for its shorter side, so that letters stay as large.
    """
    ratio = min(_stretch_max, max(1 / _stretch_max, width / height))
    square = min(_long_ratio, max(1 / _long_ratio, ratio))
    across, down = size * square**0.5, size / square**0.5
    longer = max(ratio / square, square / ratio)
    across, down = (across * longer, down) if ratio > 1 else (across, down * longer)
    across, down = min(float(width), across), min(float(height), down)
    return max(_step, round(across / _step) * _step), max(_step, round(down / _step) * _step)


def _patches(text_map: Floats) -> list[NDArray[np.int32]]:
    """Return the outlines of what the network takes for print, the longest first."""
    sure = (text_map > _pixel_sure).astype(np.uint8)
    if not sure.any():
        return []
    thicker = cv2.dilate(sure, np.ones((2, 2), np.uint8))
    patches, _ = cv2.findContours(thicker, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    longest = sorted(patches, key=len, reverse=True)[:patches_max]
    return [np.asarray(patch, np.int32) for patch in longest]


def _line(patch: NDArray[np.int32], text_map: Floats) -> PrintedLine | None:
    middle, (width, height), angle = cv2.minAreaRect(patch)
    if min(width, height) < _thin:
        return None
    left, top, across, down = cv2.boundingRect(patch)
    inside = np.zeros((down, across), np.uint8)
    cv2.fillPoly(inside, [patch - np.array([left, top])], (1,))
    if cv2.mean(text_map[top : top + down, left : left + across], inside)[0] < _patch_sure:
        return None
    grown = width * height * _growth / (width + height)
    corners = cv2.boxPoints((middle, (width + grown, height + grown), angle))
    upright = _along_the_line(np.asarray(corners, np.float32))
    bent = None
    if cv2.contourArea(patch) < _bent_max * width * height:
        bent = spine_of(inside, (left, top), upright)
    if bent is None:
        return PrintedLine(upright)
    spine, thick = bent
    return PrintedLine(upright, spine, thick * (1 + _growth))


def _stretched(line: PrintedLine, stretch: Floats, limit: Floats) -> PrintedLine:
    corners = np.clip(line.corners * stretch, 0, limit).astype(np.float32)
    if line.spine is None:
        return PrintedLine(corners)
    return PrintedLine(corners, line.spine * stretch, line.height * float(stretch.mean()))


def _along_the_line(corners: Corners) -> Corners:
    by_left = corners[np.argsort(corners[:, 0])]
    left = by_left[:2][np.argsort(by_left[:2, 1])]
    right = by_left[2:][np.argsort(by_left[2:, 1])]
    upright = np.array([left[0], right[0], right[1], left[1]], np.float32)
    across, down = PrintedLine(upright).size()
    return np.roll(upright, -1, axis=0) if down >= _on_end_ratio * across else upright
