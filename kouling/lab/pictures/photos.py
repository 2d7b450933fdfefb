"""Chance and a size come in, a picture without text goes out that is as uneven as a photo.

None is a photo: hills, lights out of focus, shaded balls, cloth, wood, leaves and house fronts
are computed, so that nothing need be downloaded and nobody's picture is copied.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from kouling.lab.pictures.chance import Chance, Field

Pixels = NDArray[np.uint8]
"""Height × width × 3, red first."""

Colour = tuple[int, int, int]

grain_max = 9.0


def photo(chance: Chance, width: int, height: int) -> Pixels:
    """Return a picture that looks like a photo from afar, with light and grain of its own."""
    scene = chance.pick(motifs)(chance, width, height)
    shade = cloud(chance, width, height, chance.integer(2, 3))[..., None]
    lit = scene * (0.7 + 0.6 * shade)
    grain = chance.grain(height, width, 1) * chance.number(1.0, grain_max)
    return clipped(lit + grain)


def cloud(chance: Chance, width: int, height: int, cells: int) -> Field:
    """Return smooth noise from 0 to 1 in several octaves, the coarsest of so many cells."""
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    for octave in range(5):
        side = cells * 2**octave
        coarse = chance.field(side, side)
        total += weight * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        weight *= 0.5
    low, high = float(total.min()), float(total.max())
    return np.asarray((total - low) / max(high - low, 1e-6), np.float32)


def clipped(values: Field) -> Pixels:
    """Return numbers as a picture, cut to what a byte holds."""
    return np.clip(values, 0, 255).astype(np.uint8)


def colour(chance: Chance, low: int = 20, high: int = 235) -> Colour:
    """Return any colour within these bounds of light."""
    return (chance.integer(low, high), chance.integer(low, high), chance.integer(low, high))


def blend(first: Colour, second: Colour, share: Field) -> Field:
    """Return two colours mixed, with the share of the second at each place."""
    one, other = np.asarray(first, np.float32), np.asarray(second, np.float32)
    return np.asarray(one + (other - one) * share[..., None], np.float32)


def _hills(chance: Chance, width: int, height: int) -> Field:
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None] * np.ones((1, width), np.float32)
    picture = blend(colour(chance, 120, 250), colour(chance, 90, 220), down)
    for layer in range(chance.integer(2, 5)):
        ridge = cloud(chance, width, 8, 4)[0] * height * 0.35 + height * (0.25 + 0.15 * layer)
        below = np.arange(height)[:, None] > ridge[None]
        ground = blend(
            colour(chance, 15, 150), colour(chance, 15, 150), cloud(chance, width, height, 8)
        )
        picture[below] = ground[below]
    return picture


def _lights(chance: Chance, width: int, height: int) -> Field:
    picture = blend(colour(chance, 0, 90), colour(chance, 0, 140), cloud(chance, width, height, 2))
    for _ in range(chance.integer(15, 60)):
        disc = picture.copy()
        centre = (chance.integer(0, width), chance.integer(0, height))
        radius = max(2, int(min(width, height) * chance.number(0.01, 0.09)))
        cv2.circle(disc, centre, radius, colour(chance, 80, 255), -1, cv2.LINE_AA)
        cv2.addWeighted(disc, 0.5, picture, 0.5, 0, picture)
    return cv2.GaussianBlur(picture, (0, 0), max(0.6, width / 400)).astype(np.float32)


def _balls(chance: Chance, width: int, height: int) -> Field:
    picture = blend(
        colour(chance, 60, 240), colour(chance, 60, 240), cloud(chance, width, height, 2)
    )
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    for _ in range(chance.integer(3, 9)):
        radius = min(width, height) * chance.number(0.05, 0.22)
        x, y = chance.number(0, width), chance.number(0, height)
        inside = (columns - x) ** 2 + (rows - y) ** 2 < radius**2
        far = np.hypot(columns[inside] - x + radius * 0.4, rows[inside] - y + radius * 0.4)
        light = np.clip(1.25 - far / (1.5 * radius), 0.1, 1.25)[:, None]
        picture[inside] = np.asarray(colour(chance, 40, 255), np.float32) * light
    return picture


def _cloth(chance: Chance, width: int, height: int) -> Field:
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    bent = cloud(chance, width, height, 3) * chance.number(10, 60)
    pitch = chance.number(3, 22) * width / 1080
    weave = 0.5 + 0.25 * np.sin((columns + bent) / pitch) + 0.25 * np.sin((rows - bent) / pitch)
    return blend(colour(chance), colour(chance), np.asarray(weave, np.float32))


def _wood(chance: Chance, width: int, height: int) -> Field:
    rows = np.arange(height, dtype=np.float32)[:, None]
    bent = cloud(chance, width, height, 2) * height * chance.number(0.1, 0.5)
    rings = 0.5 + 0.5 * np.sin((rows + bent) / (chance.number(4, 20) * height / 1080))
    share = 0.7 * rings + 0.3 * cloud(chance, width, height, 16)
    dark = (chance.integer(60, 120), chance.integer(30, 70), chance.integer(10, 40))
    light = (chance.integer(150, 220), chance.integer(100, 170), chance.integer(60, 120))
    return blend(dark, light, np.asarray(share, np.float32))


def _leaves(chance: Chance, width: int, height: int) -> Field:
    picture = blend((10, 40, 10), (60, 90, 40), cloud(chance, width, height, 4))
    size = min(width, height) / 12
    for _ in range(chance.integer(80, 220)):
        centre = (chance.integer(0, width), chance.integer(0, height))
        axes = (int(size * chance.number(0.3, 1.2)) + 1, int(size * chance.number(0.1, 0.4)) + 1)
        green = (chance.integer(20, 160), chance.integer(80, 230), chance.integer(10, 90))
        turn = chance.integer(0, 359)
        cv2.ellipse(picture, centre, axes, turn, 0, 360, green, -1, cv2.LINE_AA)
    return picture


def _houses(chance: Chance, width: int, height: int) -> Field:
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None] * np.ones((1, width), np.float32)
    picture = blend(colour(chance, 120, 250), colour(chance, 120, 250), down)
    left = 0
    while left < width:
        right = left + int(width * chance.number(0.1, 0.3)) + 2
        top = int(height * chance.number(0.1, 0.6))
        cv2.rectangle(picture, (left, top), (right, height), colour(chance, 40, 200), -1)
        step = max(6, int(width * chance.number(0.03, 0.07)))
        pane, glass = step // 2, colour(chance, 20, 255)
        for y in range(top + step // 2, height, step):
            for x in range(left + step // 3, right - pane, step):
                cv2.rectangle(picture, (x, y), (x + pane, y + pane), glass, -1)
        left = right
    return picture


motifs: tuple[Callable[[Chance, int, int], Field], ...] = (
    _hills,
    _lights,
    _balls,
    _cloth,
    _wood,
    _leaves,
    _houses,
)
