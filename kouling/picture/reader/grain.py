"""Grain in a line of print: whether there is much, and the line without it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_much = 5.0  # steps of 255: print and JPEG leave less
_reach, _step_max, _spread = 9, 80, 5  # pixels, steps of 255, pixels
_second_difference = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_noise_gain = 6.0  # of that difference: the root of its squares' sum
_median_share = 0.6745  # of the standard deviation, where the median of a normal spread lies

Gray = NDArray[np.uint8]


def is_grainy(gray: Any) -> bool:
    """Whether pixels differ from their neighbours by chance, as under a film's grain.

    The spread of second differences is measured (Immerkær 1996), by its median, so that the edges
    of letters count little.
    """
    differences = np.abs(cv2.filter2D(gray, cv2.CV_32F, _second_difference))
    return float(np.median(differences)) > _much * _noise_gain * _median_share


def smooth(gray: Any) -> Gray:
    """Return the picture without grain, its edges kept (bilateral filter, Tomasi 1998)."""
    return np.asarray(cv2.bilateralFilter(gray, _reach, _step_max, _spread), np.uint8)
