import numpy as np
import pytest
from PIL import Image, ImageDraw

from kouling.picture import reader
from kouling.picture.reader import second
from kouling.picture.reader.cutting import Strip
from kouling.picture.reader.ink import by_ink
from tests.picture.samples import card, font, foreign_code

Paint = str | tuple[int, int, int]


def stamped(paint: Paint, ground: Paint, print_colour: Paint) -> tuple[Strip, Strip]:
    """A strip with a code on it and a ring of paint, half transparent, over its middle."""
    image = Image.new("RGB", (640, 60), ground)
    ImageDraw.Draw(image).text((320, 30), f"￥{foreign_code}￥", print_colour, font(44), "mm")
    over = image.copy()
    ImageDraw.Draw(over).ellipse((240, -50, 400, 110), outline=paint, width=12)
    corners = np.array([(0, 0), (640, 0), (640, 60), (0, 60)], np.float32)
    blended = Image.blend(image, over, 0.5)
    return Strip(np.asarray(image), corners), Strip(np.asarray(blended), corners)


@pytest.mark.parametrize(
    ("paint", "ground", "print_colour"),
    [
        ((210, 30, 40), "white", "black"),
        ((200, 40, 120), (255, 245, 230), (205, 30, 40)),
        ((40, 70, 190), (255, 205, 20), (180, 10, 20)),
        ((210, 30, 40), "black", "white"),
    ],
)
def test_by_its_ink_a_stamped_line_looks_as_if_it_had_no_stamp(
    paint: Paint, ground: Paint, print_colour: Paint
) -> None:
    clean, covered = stamped(paint, ground, print_colour)
    seen, wanted = by_ink(covered).pixels, by_ink(clean).pixels
    assert seen.shape == wanted.shape == (48, 512, 3)
    assert np.mean(np.abs(seen.astype(int) - wanted) > 64) < 0.02
    assert 0.05 < np.mean(wanted < 128) < 0.4  # the print is there, black on white


@pytest.mark.parametrize("size", [(1, 1), (1, 60), (4000, 2)])
def test_a_strip_of_any_size_and_one_colour_has_an_ink_look(size: tuple[int, int]) -> None:
    pixels = np.full((size[1], size[0], 3), 200, np.uint8)
    look = by_ink(Strip(pixels, np.zeros((4, 2), np.float32)))
    assert look.pixels.dtype == np.uint8
    assert len(look.pixels) == 48


@pytest.mark.parametrize(("sure_from", "looks"), [(0.0, 0), (1.1, 1)])
def test_a_line_is_looked_at_by_its_ink_where_it_is_not_surely_read(
    monkeypatch: pytest.MonkeyPatch, sure_from: float, looks: int
) -> None:
    seen: list[Strip] = []

    def counted(strip: Strip) -> Strip:
        seen.append(strip)
        return by_ink(strip)

    monkeypatch.setattr(second, "by_ink", counted)
    monkeypatch.setattr(second, "_sure", sure_from)
    lines = reader.read(np.asarray(card("红包封面", f"￥{foreign_code}￥"))).lines
    assert any(foreign_code in line.second for line in lines)
    assert len(seen) == looks
