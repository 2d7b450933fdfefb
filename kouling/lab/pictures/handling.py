"""What happens to a picture on its way: saved again, made smaller, photographed from a screen."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from kouling.lab.pictures.chance import Chance
from kouling.lab.pictures.photos import Pixels, clipped
from kouling.lab.pictures.spoiling import saved_as_jpeg


def handled(chance: Chance, picture: Pixels) -> Pixels:
    """Return the picture as it may arrive: one or two things have happened to it."""
    for _ in range(chance.integer(1, 2)):
        picture = chance.pick(_ways)(chance, picture)
    return picture


def _smaller(chance: Chance, picture: Pixels) -> Pixels:
    share = chance.number(0.45, 0.9)
    made = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return np.asarray(made, np.uint8)


def _as_jpeg(chance: Chance, picture: Pixels) -> Pixels:
    return saved_as_jpeg(picture, chance.integer(35, 85))


def _as_webp(chance: Chance, picture: Pixels) -> Pixels:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "WEBP", quality=chance.integer(30, 80))
    return np.asarray(Image.open(out).convert("RGB"))


def _blurred(chance: Chance, picture: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), chance.number(0.8, 2.0)), np.uint8)


def _aslant(chance: Chance, picture: Pixels) -> Pixels:
    """Seen from the side, a little turned, on a table."""
    high, wide = picture.shape[:2]
    was = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    off = np.array([[chance.number(0, 0.09) for _ in range(2)] for _ in range(4)], np.float32)
    toward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    turn = cv2.getPerspectiveTransform(was, was + off * toward * np.array([wide, high], np.float32))
    table = tuple(chance.integer(60, 190) for _ in range(3))
    made = cv2.warpPerspective(picture, turn, (wide, high), borderValue=table)
    return np.asarray(made, np.uint8)


def _turned(chance: Chance, picture: Pixels) -> Pixels:
    angle = chance.sign() * chance.number(2, 12)
    table = tuple(chance.integer(60, 190) for _ in range(3))
    image = Image.fromarray(picture)
    return np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, True, fillcolor=table))


def _from_a_screen(chance: Chance, picture: Pixels) -> Pixels:
    """Waves of light and dark, as a camera sees a screen's grid."""
    high, wide = picture.shape[:2]
    down, across = np.mgrid[0:high, 0:wide].astype(np.float32)
    angle, length = chance.number(0, 3.14), chance.number(5, 14)
    wave = np.sin((np.cos(angle) * across + np.sin(angle) * down) * 6.283 / length)
    lit = picture * (1 + chance.number(0.04, 0.12) * wave[..., None])
    return clipped(np.asarray(lit, np.float32))


_ways = (_smaller, _smaller, _as_jpeg, _as_webp, _blurred, _aslant, _turned, _from_a_screen)
