"""Lines cut out of a picture: each becomes a straight strip of pixels, from left to right."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from kouling.picture.reader.finding import Corners, Pixels, PrintedLine

pixels_max = 4_000
"""Pixels a strip may be long."""


class Strip(NamedTuple):
    """A line's pixels, and its corners from where the line then begins.

    `begin` and `end` tell where in the strip the box does, as shares of the strip's width.
    """

    pixels: Pixels
    corners: Corners
    begin: float = 0.0
    end: float = 1.0

    def turned(self) -> Strip:
        """Return the strip upside down."""
        pixels = cv2.rotate(self.pixels, cv2.ROTATE_180).astype(np.uint8)
        return Strip(pixels, np.roll(self.corners, 2, axis=0), 1 - self.end, 1 - self.begin)


def cut_out(pixels: Pixels, line: PrintedLine, before: float = 0.0, after: float = 0.0) -> Strip:
    """Return a line as a strip, longer before and after the box by so many of its heights."""
    if line.spine is not None:
        return _straightened(pixels, line, before, after)
    corners, (across, down) = line.corners, line.size()
    whole = across + (before + after) * down
    width, height = max(1, min(pixels_max, round(whole))), max(1, round(down))
    wider = _longer(corners, before * down / max(across, 1.0), after * down / max(across, 1.0))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(wider, target)
    strip = cv2.warpPerspective(
        pixels, turn, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC
    )
    return Strip(strip.astype(np.uint8), corners, *_inside(before * down, after * down, whole))


def _inside(before: float, after: float, whole: float) -> tuple[float, float]:
    """Return which shares of a strip its box begins and ends at."""
    return before / max(whole, 1.0), 1 - after / max(whole, 1.0)


def _longer(corners: Corners, before: float, after: float) -> Corners:
    a, b, c, d = corners
    top, bottom = b - a, c - d
    longer = [a - top * before, b + top * after, c + bottom * after, d - bottom * before]
    return np.array(longer, np.float32)


def _straightened(pixels: Pixels, line: PrintedLine, before: float, after: float) -> Strip:
    """Return the pixels along a spine, taken at right angles to it."""
    assert line.spine is not None
    before, after = before * line.height, after * line.height
    spine = _evenly(line.spine, before, after)
    ahead = np.gradient(spine, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-6)
    aside = np.stack([-ahead[:, 1], ahead[:, 0]], 1)
    high = max(1, round(line.height))
    offsets = (np.arange(high) - (high - 1) / 2).astype(np.float32)
    grid = (spine[None] + offsets[:, None, None] * aside[None]).astype(np.float32)
    strip = cv2.remap(
        pixels, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return Strip(strip.astype(np.uint8), line.corners, *_inside(before, after, len(spine)))


def _evenly(spine: Corners, before: float, after: float) -> Corners:
    """Return the points of a spine one pixel apart, with straight ends of such lengths added."""
    steps = np.linalg.norm(np.diff(spine, axis=0), axis=1)
    first, last = spine[0] - spine[1], spine[-1] - spine[-2]
    begin = spine[0] + first / max(float(steps[0]), 1e-6) * before
    end = spine[-1] + last / max(float(steps[-1]), 1e-6) * after
    points = np.concatenate([begin[None], spine, end[None]]) if before or after else spine
    far = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    places = np.linspace(0, far[-1], max(2, min(pixels_max, round(far[-1]))))
    return np.stack([np.interp(places, far, points[:, axis]) for axis in (0, 1)], 1)
