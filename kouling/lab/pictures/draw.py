"""A scene comes in, its pixels and the corners of what is to be found in it go out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
import segno
from PIL import Image, ImageDraw

from kouling.lab.pictures.fonts import font, font_for
from kouling.lab.pictures.photos import Pixels
from kouling.lab.pictures.scene import (
    Block,
    Corners,
    Element,
    Inset,
    Sample,
    Scene,
    Square,
    Writing,
)

finder_modules = 7
"""Side of the three marks in the corners of a QR code; dots leave them square."""


class Extent(NamedTuple):
    """Left, top, right and bottom in pixels."""

    left: float
    top: float
    right: float
    bottom: float


def draw(scene: Scene) -> tuple[Pixels, Corners | None]:
    """Draw a scene; the corners are those of its labelled lines together, or of its QR code."""
    sheet = Image.fromarray(scene.ground.copy())
    found = [box for element in scene.elements if (box := _put(sheet, element))]
    return np.asarray(sheet, np.uint8).copy(), corners(_around(found)) if found else None


def drawn_again(sample: Sample, scene: Scene) -> Sample:
    """Return the sample with another scene; what was done to its pixels before is lost."""
    picture, box = draw(scene)
    return sample._replace(picture=picture, box=box, scene=scene)


def corners(box: Extent) -> Corners:
    """Return the four corners of a box, clockwise from the upper left one."""
    left, top, right, bottom = box
    return np.asarray([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def modules_of(square: Square) -> int:
    """Return how many modules the symbol of a QR code is wide, without its quiet zone."""
    return len(_symbol(square))


def _put(sheet: Image.Image, element: Element) -> Extent | None:
    """Draw one element and return where its label stands, if it has one."""
    if isinstance(element, Writing):
        if element.bend or element.spread or element.face != "noto":
            return _put_letters(sheet, element)
        return _put_line(sheet, element)
    if isinstance(element, Square):
        return _put_square(sheet, element)
    if isinstance(element, Inset):
        sheet.paste(Image.fromarray(element.picture), element.corner)
    if isinstance(element, Block):
        pen = ImageDraw.Draw(sheet)
        if element.round < 0:
            pen.ellipse(element.box, fill=element.fill)
        else:
            pen.rounded_rectangle(element.box, element.round, fill=element.fill)
    return None


def _put_line(sheet: Image.Image, line: Writing) -> Extent | None:
    pen, letters = ImageDraw.Draw(sheet), font(line.size)
    width, outline = _strokes(line)
    anchor = "lm" if line.left else "mm"
    pen.text(
        line.middle, line.text, line.ink, letters, anchor, stroke_width=width, stroke_fill=outline
    )
    if not line.label:
        return None
    _, top, _, bottom = pen.textbbox(line.middle, line.label, letters, anchor, stroke_width=width)
    start = line.text.index(line.label)
    left = line.middle[0] - (0 if line.left else letters.getlength(line.text) / 2)
    left += letters.getlength(line.text[:start])
    return Extent(left, top, left + letters.getlength(line.label), bottom)


def _strokes(line: Writing) -> tuple[int, tuple[int, int, int]]:
    """Return width and colour of the stroke around letters: an outline, or boldness."""
    if line.outline is not None:
        return max(2, line.size // 20), line.outline
    return (max(1, line.size // 32) if line.bold else 0), line.ink


def _put_letters(sheet: Image.Image, line: Writing) -> Extent | None:
    """Draw a line letter by letter, each with its own place, turn and face."""
    width, outline = _strokes(line)
    start = line.text.find(line.label) if line.label else -1
    boxes = []
    for place, (sign, x, y, turn) in enumerate(_places(line)):
        letters = font_for(sign, line.size, line.face)
        tile = Image.new("L", (2 * line.size + 8,) * 2)
        middle = (tile.width / 2, tile.height / 2)
        edge = tile.copy()
        # All letters stand on one base line, whatever the face they come from.
        base = (middle[0], middle[1] + line.size * 0.36)
        ImageDraw.Draw(tile).text(base, sign, 255, letters, "ms")
        ImageDraw.Draw(edge).text(base, sign, 255, letters, "ms", stroke_width=width)
        corner = (round(x - middle[0]), round(y - middle[1]))
        for ink, mask in ((outline, edge), (line.ink, tile)):
            turned = mask.rotate(turn, Image.Resampling.BICUBIC)
            sheet.paste(ink, corner, turned)
        if 0 <= start <= place < start + len(line.label) and (inner := turned.getbbox()):
            left, top = corner
            boxes.append(Extent(inner[0] + left, inner[1] + top, inner[2] + left, inner[3] + top))
    return _around(boxes) if boxes else None


def _places(line: Writing) -> Iterator[tuple[str, float, float, float]]:
    """Yield each character with the middle it goes to and its turn in degrees."""
    start = line.text.find(line.label) if line.label else 0
    within = range(start, start + len(line.label) - 1)
    steps = [
        font_for(sign, line.size, line.face).getlength(sign)
        + (line.spread * line.size if place in within else 0)
        for place, sign in enumerate(line.text)
    ]
    whole = sum(steps)
    x = float(line.middle[0]) - (0 if line.left else whole / 2)
    middle = x + whole / 2
    for place, (sign, step) in enumerate(zip(line.text, steps, strict=True)):
        extra = line.spread * line.size if place in within else 0
        here = x + (step - extra) / 2
        rise, turn = _bent(line, here - middle, whole)
        yield sign, here, line.middle[1] - rise, turn
        x += step


def _bent(line: Writing, from_middle: float, whole: float) -> tuple[float, float]:
    """Return how far a place on a bent line lies above its ends, and how it leans."""
    if not line.bend:
        return 0.0, 0.0
    share = 2 * from_middle / whole
    slope = -4 * line.bend * share / whole
    return line.bend * (1 - share**2), math.degrees(math.atan(slope))


def _put_square(sheet: Image.Image, square: Square) -> Extent:
    symbol = _symbol(square)
    count = len(symbol) + 2 * square.quiet
    module = square.side / count
    fine = max(4, round(module))
    mask: Pixels = np.zeros((count * fine,) * 2, np.uint8)
    inner = slice(square.quiet * fine, (count - square.quiet) * fine)
    mask[inner, inner] = _dots(symbol, fine) if square.dots else _blocks(symbol, fine)
    side = (square.side, square.side)
    mask = np.asarray(cv2.resize(mask, side, interpolation=cv2.INTER_AREA), np.uint8)
    if square.logo:
        _clear_middle(mask, square.logo)
    tile = Image.new("RGB", side, square.light)
    tile.paste(square.dark, (0, 0), Image.fromarray(mask))
    if square.logo:
        _put_logo(tile, square)
    sheet.paste(tile, square.corner)
    margin = square.quiet * module
    left, top = square.corner
    edge = square.side - margin
    return Extent(left + margin, top + margin, left + edge, top + edge)


def _symbol(square: Square) -> Pixels:
    code = segno.make(square.payload, error=square.level, micro=False, boost_error=False)
    return np.asarray([list(row) for row in code.matrix], np.uint8)


def _blocks(symbol: Pixels, fine: int) -> Pixels:
    return np.kron(symbol * np.uint8(255), np.ones((fine, fine), np.uint8))


def _dots(symbol: Pixels, fine: int) -> Pixels:
    """Draw modules as discs, but for the marks in the corners."""
    rows, columns = np.mgrid[0:fine, 0:fine] - (fine - 1) / 2
    disc = (np.hypot(rows, columns) <= fine * 0.47).astype(np.uint8)
    drawn = np.kron(symbol * np.uint8(255), disc)
    blocks, mark = _blocks(symbol, fine), finder_modules * fine
    for rows_of, columns_of in (
        (slice(mark), slice(mark)),
        (slice(mark), slice(-mark, None)),
        (slice(-mark, None), slice(mark)),
    ):
        drawn[rows_of, columns_of] = blocks[rows_of, columns_of]
    return drawn


def _middle(side: int, share: float) -> tuple[int, int]:
    half = int(side * share / 2)
    return side // 2 - half, side // 2 + half


def _clear_middle(mask: Pixels, share: float) -> None:
    low, high = _middle(len(mask), share)
    mask[low:high, low:high] = 0


def _put_logo(tile: Image.Image, square: Square) -> None:
    low, high = _middle(tile.width, square.logo * 0.88)
    pen = ImageDraw.Draw(tile)
    pen.rounded_rectangle((low, low, high, high), (high - low) // 5, fill=(226, 62, 52))
    letters = font(max(8, int((high - low) * 0.7)))
    pen.text((tile.width / 2, tile.height / 2), "券", (255, 240, 200), letters, "mm")


def _around(boxes: list[Extent]) -> Extent:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Extent(min(lefts), min(tops), max(rights), max(bottoms))
