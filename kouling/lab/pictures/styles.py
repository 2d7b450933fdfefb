"""Ten ways in which cards look: each a ground and the colours that stand on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from kouling.lab.pictures.chance import Chance, Field
from kouling.lab.pictures.photos import Colour, Pixels, blend, clipped, cloud, colour, photo

Ground = Callable[[Chance, int, int], Pixels]


class Style(NamedTuple):
    """A ground, the ink of lines and of the share code on it, and an outline around letters."""

    name: str
    ground: Ground
    ink: Colour
    strong: Colour
    outline: Colour | None = None


def _flat(paint: Colour) -> Ground:
    return lambda _, width, height: np.full((height, width, 3), paint, np.uint8)


def _red(chance: Chance, width: int, height: int) -> Pixels:
    """A red envelope with its flap."""
    picture = np.full((height, width, 3), (chance.integer(185, 215), 25, 38), np.uint8)
    flap = (chance.integer(212, 232), 52, 52)
    middle = (width // 2, -height // 6)
    cv2.ellipse(picture, middle, (int(width * 0.7), height // 2), 0, 0, 360, flap, -1, cv2.LINE_AA)
    return picture


def _gradient(chance: Chance, width: int, height: int) -> Pixels:
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    across = np.linspace(0, 1, width, dtype=np.float32)[None]
    share = np.clip(down * chance.number(0.5, 1) + across * chance.number(0, 0.5), 0, 1)
    return clipped(blend(colour(chance, 20, 110), colour(chance, 60, 140), share))


def _photo(chance: Chance, width: int, height: int) -> Pixels:
    """A photo, a little darkened so that white letters stand out."""
    return clipped(photo(chance, width, height).astype(np.float32) * 0.8)


def _kraft(chance: Chance, width: int, height: int) -> Pixels:
    share = 0.5 * cloud(chance, width, height, 12) + 0.5 * chance.field(height, width)
    return clipped(blend((188, 150, 104), (222, 190, 146), share))


def _stripes(chance: Chance, width: int, height: int) -> Pixels:
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    pitch = chance.number(40, 110)
    share = ((rows + columns) // pitch % 2).astype(np.float32)
    return clipped(blend((255, 214, 10), (255, 196, 0), share))


def _coupon(chance: Chance, width: int, height: int) -> Pixels:
    """A ticket with punched edges."""
    picture = np.full((height, width, 3), (255, 246, 232), np.uint8)
    edge = colour(chance, 170, 225)
    picture[:, : width // 24] = picture[:, -width // 24 :] = edge
    radius = width // 60
    for y in range(radius, height, 3 * radius):
        for x in (width // 24, width - width // 24):
            cv2.circle(picture, (x, y), radius, edge, -1, cv2.LINE_AA)
    return picture


def _paper(chance: Chance, width: int, height: int) -> Pixels:
    """Print on rough paper, unevenly lit."""
    light: Field = 205 + 45 * cloud(chance, width, height, 2)
    grain = chance.grain(height, width) * 5
    return clipped(np.repeat((light + grain)[..., None], 3, axis=2))


def _pastel(chance: Chance, width: int, height: int) -> Pixels:
    picture = np.full((height, width, 3), colour(chance, 220, 250), np.uint8)
    for _ in range(9):
        centre = (chance.integer(0, width), chance.integer(0, height))
        radius = chance.integer(width // 20, width // 5)
        cv2.circle(picture, centre, radius, colour(chance, 205, 252), -1, cv2.LINE_AA)
    return picture


styles: tuple[Style, ...] = (
    Style("white", _flat((255, 255, 255)), (40, 40, 40), (20, 20, 20)),
    Style("red", _red, (255, 226, 160), (255, 220, 130)),
    Style("gradient", _gradient, (240, 240, 240), (255, 255, 255)),
    Style("photo", _photo, (255, 255, 255), (255, 255, 255), outline=(0, 0, 0)),
    Style("pastel", _pastel, (90, 60, 90), (160, 20, 90)),
    Style("night", _flat((24, 26, 32)), (170, 175, 185), (255, 196, 60)),
    Style("kraft", _kraft, (70, 44, 20), (60, 30, 10)),
    Style("stripes", _stripes, (120, 20, 10), (190, 0, 20)),
    Style("coupon", _coupon, (90, 80, 70), (214, 40, 40)),
    Style("paper", _paper, (50, 50, 55), (30, 30, 35)),
)
