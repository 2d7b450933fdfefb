"""Letters one below the other are set in a row before they are read."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from kouling.picture.reader import read
from kouling.picture.reader.column import set_in_row
from kouling.picture.reader.cutting import Strip
from kouling.picture.reader.finding import Pixels
from tests.picture.samples import font

corners = np.zeros((4, 2), np.float32)


def column(text: str, *, size: int = 40, pitch: int = 44, side: int = 60) -> Pixels:
    """Draw letters one below the other, each in the middle."""
    image = Image.new("RGB", (side, 20 + pitch * len(text)), "white")
    pen = ImageDraw.Draw(image)
    for place, letter in enumerate(text):
        pen.text((side / 2, 10 + pitch * place), letter, "black", font(size), anchor="ma")
    return np.asarray(image)


def lying(pixels: Pixels) -> Strip:
    return Strip(np.asarray(cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE), np.uint8), corners)


@pytest.mark.parametrize("pitch", [42, 50, 60])
def test_a_column_is_cut_between_its_letters(pitch: int) -> None:
    row = set_in_row(lying(column("￥t7Xk2bQm9Ra￥", pitch=pitch)))
    assert row is not None
    gray = row.pixels.min(axis=2)
    inked = (gray < 128).any(axis=0)
    pieces = int((inked[1:] & ~inked[:-1]).sum())
    assert pieces == len("￥t7Xk2bQm9Ra￥")


def test_a_code_in_a_column_is_read_and_so_is_one_on_its_head() -> None:
    sheet = Image.new("RGB", (900, 900), "white")
    sheet.paste(Image.fromarray(column("￥t7Xk2bQm9Ra￥")), (600, 60))
    sheet.paste(Image.fromarray(column("复制这段话打开淘宝")), (400, 60))
    for picture in (sheet, sheet.rotate(180)):
        lines = read(np.asarray(picture)).lines
        assert any("t7Xk2bQm9Ra" in line.second for line in lines)
        assert any("复制这段话" in line.text for line in lines)


@pytest.mark.parametrize("shape", [(40, 30, 3), (40, 8_000, 3), (1, 1, 3)])
def test_what_is_too_short_or_too_long_is_no_column(shape: tuple[int, ...]) -> None:
    assert set_in_row(Strip(np.full(shape, 200, np.uint8), corners)) is None


def test_a_strip_without_ink_is_no_column() -> None:
    assert set_in_row(Strip(np.full((40, 500, 3), 200, np.uint8), corners)) is None
