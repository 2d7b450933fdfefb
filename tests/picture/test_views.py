"""A picture is cut so that nothing which may stand there is cut in all of its pieces."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from kouling.picture import barcode
from kouling.picture.decode import Decoded, decode
from kouling.picture.reader import read
from kouling.picture.views import Cut, for_barcodes, for_print
from tests.picture.samples import font, saved
from tests.picture.test_barcode import code, link, on


def holds(cut: Cut, size: tuple[int, int], box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = box
    return any(
        a <= left and b <= top and right <= c and bottom <= d for a, b, c, d in cut.tiles(*size)
    )


sides = st.integers(9, 1_440)


@settings(max_examples=60)
@given(sides, st.integers(1_440, 30_000), st.floats(0, 1), st.booleans())
def test_whatever_may_stand_in_a_long_picture_is_whole_in_a_piece(
    short: int, long: int, place: float, upright: bool
) -> None:
    for cut, length in ((for_print, 640), (for_barcodes, short)):
        start = int(place * (long - length))
        box = (0, start, short, start + length)
        size = (short, long)
        if not upright:
            size, box = (long, short), (start, 0, start + length, short)
        assert holds(cut, size, box)


@pytest.mark.parametrize(("left", "top"), [(0, 1_770), (340, 1_900), (680, 3_620)])
def test_a_barcode_is_found_wherever_it_stands_in_a_long_picture(left: int, top: int) -> None:
    sheet = np.full((4_000, 1_080, 3), 240, np.uint8)
    picture = decode(saved(Image.fromarray(on(sheet, code(9), left, top)), compress_level=1))
    assert link in {one.text for pane in picture.sections for one in barcode.find(pane.pixels)}


def test_places_are_those_of_the_picture() -> None:
    sheet = Image.new("RGB", (3_000, 300), "white")
    ImageDraw.Draw(sheet).text((1_330, 120), "￥t7Xk2bQm9Ra￥", font=font(30), fill="black")
    lines = lines_of(decode(saved(sheet)))
    [(left, top)] = {(round(x, -2), round(y, -1)) for text, x, y in lines if "t7Xk2bQm9Ra" in text}
    assert (left, top) == (1_300, 120)


@pytest.mark.parametrize("size", [20, 34])
def test_a_tight_crop_of_one_line_is_read(size: int) -> None:
    face = font(size)
    left, top, right, bottom = face.getbbox("￥t7Xk2bQm9Ra￥")
    strip = Image.new("RGB", (right - left + 4, bottom - top + 4), "white")
    ImageDraw.Draw(strip).text((2 - left, 2 - top), "￥t7Xk2bQm9Ra￥", font=face, fill="black")
    assert any("t7Xk2bQm9Ra" in text for text, _, _ in lines_of(decode(saved(strip))))


def lines_of(picture: Decoded) -> list[tuple[str, int, int]]:
    """Return what is read in all views, each with where it begins in the picture."""
    return [
        (text, *line.box.moved(view.left, view.top, view.scale).corners[0])
        for view in picture.views
        for line in read(view.pixels).lines
        for text in (line.text, line.second)
    ]
