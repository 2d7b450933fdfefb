"""Disguises of where a picture stands: turned, slanted, small; its box goes with it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kouling.lab.pictures.chance import Chance
from kouling.lab.pictures.photos import Pixels, photo
from kouling.lab.pictures.scene import Corners, Sample

Matrix = NDArray[np.float32]

small_letter_height = (24.0, 44.0)
small_square_side = (100.0, 190.0)
"""What stays of a code's letters, or of a QR code's side, when its card is small in a photo."""


def rotation(chance: Chance, sample: Sample) -> Sample:
    """Turned by 5 to 28 degrees; a QR code, by up to 85."""
    turn = chance.sign() * chance.number(5, 85 if sample.payload else 28)
    height, width = sample.picture.shape[:2]
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1), (0, 0, 1)])
    return warped(sample, *_shown_whole(matrix, width, height), _edge(sample.picture))


def quarter_turns(chance: Chance, sample: Sample) -> Sample:
    """On its side or upside down."""
    turns = chance.integer(1, 3)
    height, width = sample.picture.shape[:2]
    matrix = np.vstack([cv2.getRotationMatrix2D((0, 0), 90 * turns, 1), (0, 0, 1)])
    return warped(sample, *_shown_whole(matrix, width, height), _edge(sample.picture))


def perspective(chance: Chance, sample: Sample) -> Sample:
    """Seen from the side: each corner drawn in by up to a fifth."""
    height, width = sample.picture.shape[:2]
    inward = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    drawn = [
        (x * chance.number(0, 0.2) * width, y * chance.number(0, 0.2) * height) for x, y in inward
    ]
    was = _frame(width, height)
    matrix = cv2.getPerspectiveTransform(was, was + np.asarray(drawn, np.float32))
    return warped(
        sample, np.asarray(matrix, np.float32), width, height, photo(chance, width, height)
    )


def small_in_photo(chance: Chance, sample: Sample) -> Sample:
    """The whole picture is a little card in a photo."""
    height, width = sample.picture.shape[:2]
    scale = min(0.8, _small_scale(chance, sample))
    ground = photo(chance, 1080, 1080)
    if max(width, height) * scale > 1000:
        scale = 1000 / max(width, height)
    x = chance.number(10, 1070 - width * scale)
    y = chance.number(10, 1070 - height * scale)
    matrix = np.asarray([(scale, 0, x), (0, scale, y), (0, 0, 1)], np.float32)
    # Without this, making it smaller would itself bring moiré.
    soft = np.asarray(cv2.GaussianBlur(sample.picture, (0, 0), 0.4 / scale), np.uint8)
    return warped(sample._replace(picture=soft), matrix, 1080, 1080, ground)


def warped(sample: Sample, matrix: Matrix, width: int, height: int, ground: Pixels) -> Sample:
    """Return the sample moved by a matrix onto a ground of this size."""
    picture = cv2.warpPerspective(sample.picture, matrix, (width, height), flags=cv2.INTER_LINEAR)
    inside = np.full(sample.picture.shape[:2], 255, np.uint8)
    share = cv2.warpPerspective(inside, matrix, (width, height), flags=cv2.INTER_LINEAR)
    if ground.shape[:2] != (height, width):
        ground = np.broadcast_to(ground[:1, :1], (height, width, 3))
    mixed = np.where(share[..., None] > 127, picture, ground)
    return sample._replace(
        picture=np.ascontiguousarray(mixed, np.uint8), box=moved(sample.box, matrix)
    )


def moved(box: Corners | None, matrix: Matrix) -> Corners | None:
    """Return where corners come to lie."""
    if box is None:
        return None
    return np.asarray(cv2.perspectiveTransform(box[None], matrix)[0], np.float32)


def _small_scale(chance: Chance, sample: Sample) -> float:
    if sample.box is None:
        return chance.number(0.3, 0.6)
    high = float(np.linalg.norm(sample.box[3] - sample.box[0]))
    wanted = chance.number(*(small_square_side if sample.payload else small_letter_height))
    return wanted / high


def _shown_whole(matrix: Matrix, width: int, height: int) -> tuple[Matrix, int, int]:
    """Shift a matrix so that the moved picture lies in the frame, and return the frame's size."""
    corners = moved(_frame(width, height), matrix)
    assert corners is not None
    low, high = corners.min(0), corners.max(0)
    shift = np.asarray([(1, 0, -low[0]), (0, 1, -low[1]), (0, 0, 1)], np.float32)
    size = np.ceil(high - low - 1e-3)
    return np.asarray(shift @ matrix, np.float32), int(size[0]), int(size[1])


def _frame(width: int, height: int) -> Corners:
    return np.asarray([(0, 0), (width, 0), (width, height), (0, height)], np.float32)


def _edge(picture: Pixels) -> Pixels:
    """Return the colour of the upper left corner, to fill what a turn lays bare."""
    return picture[:1, :1]
