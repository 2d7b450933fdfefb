import io

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image

from kouling.picture import barcode
from kouling.picture.reader.finding import Pixels
from tests.picture.samples import card, foreign_lines

link = "https://shop.example/h.a1B2c3D4?tk=e5F6g7H8"

Shade = int | tuple[int, int, int]


def code(
    scale: int = 8,
    *,
    border: int = 4,
    error: str = "m",
    dark: str = "black",
    light: str = "white",
    text: str = link,
) -> Pixels:
    made = segno.make(text, error=error, micro=False, boost_error=False)
    out = io.BytesIO()
    made.save(out, "png", scale=scale, border=border, dark=dark, light=light)
    return np.asarray(Image.open(out).convert("RGB"), np.uint8)


def on(ground: Pixels, pixels: Pixels, left: int, top: int) -> Pixels:
    sheet = np.ascontiguousarray(ground)
    sheet[top : top + len(pixels), left : left + pixels.shape[1]] = pixels
    return sheet


def flat(shade: Shade, side: int = 900) -> Pixels:
    return np.full((side, side, 3), shade, np.uint8)


def turned(pixels: Pixels, degrees: float) -> Pixels:
    image = Image.fromarray(pixels)
    return np.asarray(image.rotate(degrees, Image.Resampling.BICUBIC, True, fillcolor="white"))


def touched_by_a_bar() -> Pixels:
    pixels = code(9, border=0)
    sheet = on(flat((170, 40, 60)), pixels, 200, 200)
    sheet[150:200, 200 : 200 + pixels.shape[1] // 3] = 25
    return sheet


def with_a_logo() -> Pixels:
    pixels = code(9, error="h").copy()
    middle, half = len(pixels) // 2, int(len(pixels) * 0.11)
    pixels[middle - half : middle + half, middle - half : middle + half] = (226, 62, 52)
    return pixels


def noisy() -> Pixels:
    grain = np.random.default_rng(3).normal(0, 40, (900, 900, 3))
    return np.clip(on(flat(230), code(9), 200, 200) + grain, 0, 255).astype(np.uint8)


def slanted() -> Pixels:
    pixels = code(9)
    side = len(pixels)
    was = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    now = np.array([[30, 10], [side - 60, 40], [side - 5, side - 20], [10, side - 70]], np.float32)
    turn = cv2.getPerspectiveTransform(was, now)
    seen = cv2.warpPerspective(pixels, turn, (side, side), borderValue=(255, 255, 255))
    return np.asarray(seen, np.uint8)


def low_contrast() -> Pixels:
    return (120 + code() // 255 * np.uint8(24)).astype(np.uint8)


disguised: dict[str, Pixels] = {
    "plain": code(),
    "rotated": turned(code(), 33),
    "slanted": slanted(),
    "inverted": 255 - code(),
    "low contrast": low_contrast(),
    "blurred": np.asarray(cv2.GaussianBlur(code(), (0, 0), 3.0), np.uint8),
    "noisy": noisy(),
    "small": on(flat((90, 120, 60), 1200), code(3, border=2), 700, 900),
    "without a quiet zone": on(flat((200, 30, 40)), code(9, border=0), 250, 250),
    "touched by a dark bar": touched_by_a_bar(),
    "with a logo": with_a_logo(),
    "in colour on black": code(dark="#40d0f0", light="#101014"),
}


@pytest.mark.parametrize("name", disguised)
def test_a_code_is_found_whatever_it_looks_like(name: str) -> None:
    assert [one.text for one in barcode.find(disguised[name])] == [link]


def test_all_codes_of_a_picture_are_found() -> None:
    sheet = on(on(flat(255), code(6), 20, 20), code(6, text="另一个"), 480, 480)
    assert {one.text for one in barcode.find(sheet)} == {link, "另一个"}


@pytest.mark.parametrize("hidden", ["touched by a dark bar", "without a quiet zone"])
def test_an_easy_code_does_not_draw_the_eye_from_a_harder_one(hidden: str) -> None:
    wide = np.concatenate([disguised[hidden], flat((90, 120, 60))], 1)
    sheet = on(wide, code(4, text="https://weixin.example/g"), 1_300, 300)
    assert {one.text for one in barcode.find(sheet)} == {link, "https://weixin.example/g"}


@pytest.mark.parametrize(("scale", "tolerance"), [(8, 3), (2, 4)])
def test_the_box_lies_on_the_code(scale: int, tolerance: int) -> None:
    pixels = code(scale)
    [found] = barcode.find(on(flat(255), pixels, 100, 200))
    inner = (100 + 4 * scale, 200 + 4 * scale)
    outer = (100 + len(pixels) - 4 * scale, 200 + len(pixels) - 4 * scale)
    assert found.box.bounds() == pytest.approx((*inner, *outer), abs=tolerance)
    assert found.form


def test_the_first_corner_of_a_turned_code_is_its_own_top_left() -> None:
    pixels = np.rot90(code(), 2)
    [found] = barcode.find(np.ascontiguousarray(pixels))
    left, top = found.box.corners[0]
    assert left > len(pixels) / 2
    assert top > len(pixels) / 2


def test_a_long_text_is_told_whole() -> None:
    [found] = barcode.find(code(4, text="a" * 2_900, error="l"))
    assert found.text == "a" * 2_900


def test_every_code_of_a_sheet_of_many_is_told() -> None:
    sheet = flat(255, 1_500)
    for place in range(25):
        one = code(5, text=f"https://shop.example/{place}")
        sheet = on(sheet, one, 290 * (place % 5), 290 * (place // 5))
    found = {one.text for one in barcode.find(sheet)}
    assert found == {f"https://shop.example/{place}" for place in range(25)}


@pytest.mark.parametrize("hidden", ["inverted", "without a quiet zone", "in colour on black"])
def test_a_harder_code_is_found_beside_an_easy_one(hidden: str) -> None:
    sheet = on(flat((226, 228, 236), 1_300), code(6, text="https://weixin.example/g"), 40, 40)
    sheet = on(
        sheet,
        disguised[hidden][200:700, 200:700] if hidden.startswith("without") else disguised[hidden],
        620,
        620,
    )
    assert {one.text for one in barcode.find(sheet)} == {link, "https://weixin.example/g"}


@pytest.mark.parametrize("form", ["Aztec", "DataMatrix", "RMQRCode", "MicroQRCode", "PDF417"])
def test_other_codes_with_two_dimensions_are_read(form: str) -> None:
    text = "a1B2c3D4" if form == "MicroQRCode" else link
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, form))
    pixels = np.repeat(np.asarray(made.to_image(scale=6))[..., None], 3, 2)
    sheet = on(flat(255, 1_000), pixels, 60, 120)
    assert [one.text for one in barcode.find(sheet)] == [text]


def test_a_code_that_can_not_be_read_is_told_with_its_place_and_without_text() -> None:
    pixels = code(9, error="l").copy()
    pixels[90:270:6, 110:250] = 255 - pixels[90:270:6, 110:250]
    pixels[120:250, 120:230] = 128
    [found] = barcode.find(on(flat(255), pixels, 200, 300))
    assert found.text == ""
    assert found.box.bounds() == pytest.approx((236, 336, 497, 597), abs=12)


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (40, 40)])
def test_a_picture_without_a_code_has_none(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), np.uint8)
    assert barcode.find(noise) == ()


def test_a_card_with_print_alone_has_none() -> None:
    assert barcode.find(np.asarray(card(*foreign_lines), np.uint8)) == ()
