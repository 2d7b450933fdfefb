"""Disguises of how well a picture is seen: noise, blur, stamps, a photographed screen.

What is blurred or thinned is measured in the picture's own module or letter, so that a person
or a phone still reads it.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kouling.lab.pictures.bending import warped
from kouling.lab.pictures.chance import Chance
from kouling.lab.pictures.draw import modules_of
from kouling.lab.pictures.fonts import font
from kouling.lab.pictures.photos import Pixels, clipped
from kouling.lab.pictures.scene import Sample, Square

blur_of_module = (0.2, 0.5)
"""Deviation of the blur per module of a QR code."""

blur_of_letter = (0.02, 0.05)
"""Deviation of the blur per letter height."""

contrast_of_letters = (14.0, 26.0)
contrast_of_modules = (22.0, 40.0)
"""Steps of 255 between the darkest and the lightest that a low contrast leaves."""


def noise(chance: Chance, sample: Sample) -> Sample:
    """Strong grain in all colours, and hair lines across."""
    picture = sample.picture.astype(np.float32)
    picture += chance.grain(*picture.shape) * chance.number(20, 45)
    spoiled = clipped(picture)
    height, width = spoiled.shape[:2]
    for _ in range(12):
        ends = [(chance.integer(0, width), chance.integer(0, height)) for _ in range(2)]
        paint = tuple(chance.integer(0, 255) for _ in range(3))
        cv2.line(spoiled, ends[0], ends[1], paint, 2, cv2.LINE_AA)
    return sample._replace(picture=spoiled)


def blur(chance: Chance, sample: Sample) -> Sample:
    """Out of focus by a fifth to a half of a module, or a twentieth of a letter."""
    low, high = blur_of_module if sample.payload else blur_of_letter
    deviation = max(0.6, chance.number(low, high) * grain_size(sample))
    picture = cv2.GaussianBlur(sample.picture, (0, 0), deviation)
    return sample._replace(picture=np.asarray(picture, np.uint8))


def low_contrast(chance: Chance, sample: Sample) -> Sample:
    """All within 14 to 26 steps of 255 around one light; with a QR code, 22 to 40."""
    low, high = contrast_of_modules if sample.payload else contrast_of_letters
    spread, middle = chance.number(low, high), chance.number(70, 190)
    grey = cv2.cvtColor(sample.picture, cv2.COLOR_RGB2GRAY)[..., None].astype(np.float32)
    tint = np.asarray([chance.number(-8, 8) for _ in range(3)], np.float32)
    thin = np.asarray(middle + (grey / 255 - 0.5) * spread + tint, np.float32)
    return sample._replace(picture=clipped(thin))


def jpeg(chance: Chance, sample: Sample) -> Sample:
    """Made smaller, saved as JPEG of the lowest quality, and once more."""
    height, width = sample.picture.shape[:2]
    scale = 0.8 if sample.payload else 0.5
    matrix = np.asarray([(scale, 0, 0), (0, scale, 0), (0, 0, 1)], np.float32)
    smaller = (round(width * scale), round(height * scale))
    picture = np.asarray(
        cv2.resize(sample.picture, smaller, interpolation=cv2.INTER_AREA), np.uint8
    )
    once = saved_as_jpeg(picture, chance.integer(12, 20))
    again = saved_as_jpeg(once, chance.integer(10, 30))
    moved = warped(sample._replace(picture=sample.picture[:2, :2]), matrix, 2, 2, again)
    return moved._replace(picture=again)


def inverted(_: Chance, sample: Sample) -> Sample:
    """A negative: light for dark."""
    return sample._replace(picture=np.asarray(255 - sample.picture, np.uint8))


def stamp_over_text(chance: Chance, sample: Sample) -> Sample:
    """A red or blue stamp, half transparent, pressed over the code."""
    assert sample.box is not None
    x, y = (float(part) for part in sample.box.mean(0))
    x += chance.number(-0.25, 0.25) * _length(sample)
    radius = int(_letter_height(sample) * chance.number(1.2, 2.2))
    paint = chance.pick(((210, 30, 40), (40, 70, 190), (200, 40, 120)))
    mask = Image.new("L", (2 * radius + 8,) * 2)
    pen, middle = ImageDraw.Draw(mask), radius + 4
    line = max(2, radius // 18)
    pen.ellipse((4, 4, 2 * radius + 4, 2 * radius + 4), outline=255, width=2 * line)
    pen.ellipse((16, 16, 2 * radius - 8, 2 * radius - 8), outline=255, width=line)
    word = chance.pick(("已审核", "限时", "专用章", "推荐"))
    pen.text((middle, middle), word, 255, font(max(10, radius // 2)), "mm")
    turned = mask.rotate(chance.number(-40, 40), Image.Resampling.BICUBIC)
    share = chance.number(0.35, 0.65)
    thin = turned.point([round(share * value) for value in range(256)])
    sheet = Image.fromarray(sample.picture)
    sheet.paste(paint, (round(x) - middle, round(y) - middle), thin)
    return sample._replace(picture=np.asarray(sheet, np.uint8).copy())


def moire(chance: Chance, sample: Sample) -> Sample:
    """A photo of a screen: fine stripes that beat with its dots, coloured at the edges."""
    height, width = sample.picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    lean, pitch = chance.number(0, 3.14), chance.number(4, 12)
    along = columns * np.cos(lean) + rows * np.sin(lean)
    across = rows * np.cos(lean) - columns * np.sin(lean)
    beat = along + 6 * np.sin(across / chance.number(60, 160))
    strength = chance.number(0.08, 0.2)
    shifts = np.asarray([0, 2.1, 4.2], np.float32)
    waves = 1 + strength * np.sin(2 * np.pi * beat[..., None] / pitch + shifts)
    scan = 1 - 0.12 * ((rows % 3) < 1)[..., None]
    soft = cv2.GaussianBlur(sample.picture, (0, 0), chance.number(0.6, 1.1))
    return sample._replace(picture=clipped(soft.astype(np.float32) * waves * scan))


def saved_as_jpeg(picture: Pixels, quality: int) -> Pixels:
    """Return a picture as it comes back from a JPEG file of this quality."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file).convert("RGB"), np.uint8).copy()


def grain_size(sample: Sample) -> float:
    """Return the pixels of one module of the QR code, or of a letter's height."""
    if not sample.payload:
        return _letter_height(sample)
    assert sample.scene is not None
    for element in sample.scene.elements:
        if isinstance(element, Square):
            return _length(sample) / modules_of(element)
    raise AssertionError("a payload without its QR code")


def _length(sample: Sample) -> float:
    assert sample.box is not None
    return float(np.linalg.norm(sample.box[1] - sample.box[0]))


def _letter_height(sample: Sample) -> float:
    if sample.box is None:
        return 40.0
    return float(np.linalg.norm(sample.box[3] - sample.box[0]))
