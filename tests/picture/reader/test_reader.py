import socket
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from kouling.errors import InvalidInput
from kouling.picture import reader
from kouling.picture.reader import networks, second
from kouling.picture.reader.casing import with_case_seen
from kouling.picture.reader.code_shape import may_hold_code, with_letters
from kouling.picture.reader.cutting import Strip, cut_out
from kouling.picture.reader.finding import Pixels, Print, PrintedLine, closer_side, find_print, side
from kouling.picture.reader.grain import is_grainy, smooth
from kouling.picture.reader.merging import with_chinese_of
from kouling.picture.reader.reading import LineReading
from kouling.picture.reader.reading import read as read_strip
from kouling.picture.records import Line, span_box
from tests.picture.samples import card, font, foreign_code, foreign_lines

HalfBlind = Callable[..., list[int]]


def pixels(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB"), np.uint8)


def readings(lines: Sequence[Line]) -> str:
    return "".join(line.second or line.text for line in lines).replace(" ", "").replace("¥", "￥")


def printed(text: str, size: int) -> Strip:
    """A strip of letters, black on white, 10 pixels from its edges."""
    image = Image.new("RGB", (int(font(size).getlength(text)) + 20, size + 20), "white")
    ImageDraw.Draw(image).text((10, (size + 20) / 2), text, "black", font(size), "lm")
    return Strip(pixels(image), np.zeros((4, 2), np.float32))


def middles(text: str, size: int) -> tuple[int, ...]:
    """Where the letters of a printed strip have their middles, in thousandths of its width."""
    letters = font(size)
    wide = int(letters.getlength(text)) + 20
    ends = [10 + letters.getlength(text[:end]) for end in range(len(text) + 1)]
    return tuple(round(500 * sum(pair) / wide) for pair in pairwise(ends))


@pytest.fixture(scope="module")
def read_card() -> tuple[Line, ...]:
    return reader.read(pixels(card(*foreign_lines))).lines


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the reader opens a socket")

    monkeypatch.setattr(socket, "socket", refused)


def test_a_code_on_a_card_is_read_exactly(read_card: tuple[Line, ...]) -> None:
    assert foreign_code in readings(read_card)


def test_the_better_reading_keeps_the_chinese_of_its_line(read_card: tuple[Line, ...]) -> None:
    [line] = [line for line in read_card if foreign_code in line.second]
    assert line.second.startswith("复制这段描述")


def test_lines_come_in_reading_order(read_card: tuple[Line, ...]) -> None:
    words = ("真丝", "复制", "打开")
    assert [words[at] in line.text for at, line in enumerate(read_card)] == [True] * 3


@pytest.mark.parametrize("degrees", [90, 180, 270, 17])
def test_a_turned_card_is_read_in_the_same_order(read_card: tuple[Line, ...], degrees: int) -> None:
    turned = card(*foreign_lines).rotate(degrees, expand=True, fillcolor="#a01c1c")
    assert readings(reader.read(pixels(turned)).lines) == readings(read_card)


def test_the_box_of_a_code_lies_on_its_letters() -> None:
    image = Image.new("RGB", (800, 300), "white")
    pen = ImageDraw.Draw(image)
    before, size = "复制这段描述", font(40)
    pen.text((60, 120), f"{before}￥{foreign_code}￥", font=size, fill="black")
    [line] = reader.read(pixels(image)).lines
    left = 60 + size.getlength(before + "￥")
    right = left + size.getlength(foreign_code)
    start = line.second.index(foreign_code)
    box = span_box(line, start, start + len(foreign_code), second=True).bounds()
    assert box[0] == pytest.approx(left, abs=20)
    assert box[2] == pytest.approx(right, abs=20)
    assert box[1] < 140 < box[3]


def test_text_along_an_arch_is_straightened() -> None:
    image = Image.new("RGB", (900, 600), "white")
    for number, sign in enumerate(foreign_code):
        share = (number - 5) / 5
        tile = Image.new("L", (120, 120))
        ImageDraw.Draw(tile).text((60, 60), sign, 255, font(56), "mm")
        tile = tile.rotate(-22 * share)
        image.paste("black", (390 + 38 * (number - 5), round(240 + 40 * share**2)), tile)
    assert foreign_code in readings(reader.read(pixels(image)).lines)


def test_letters_set_wide_apart_are_one_line() -> None:
    spaced = "  ".join(f"￥{foreign_code}￥")
    lines = reader.read(pixels(card(spaced, side=1080))).lines
    assert foreign_code in readings(lines)


def test_a_red_stamp_over_the_code_is_seen_through() -> None:
    image = card(f"￥{foreign_code}￥", ground="white", ink="black")
    pen = ImageDraw.Draw(image, "RGBA")
    pen.ellipse((110, 80, 290, 260), outline=(220, 30, 40, 160), width=9)
    pen.line((120, 150, 300, 180), fill=(220, 30, 40, 160), width=9)
    assert foreign_code in readings(reader.read(pixels(image)).lines)


def test_letters_of_one_shape_get_the_case_of_their_height() -> None:
    strip = printed("cCwWxXHT47k", 48)
    wrong = LineReading("CCwwxxHT47k", 0.9, middles("cCwWxXHT47k", 48))
    assert with_case_seen(wrong, strip).text == "cCwWxXHT47k"


def test_a_scratch_through_a_small_letter_makes_no_capital_of_it() -> None:
    strip = printed("wHT47kAB", 48)
    scratched = strip.pixels.copy()
    scratched[5:63, 20:23] = 0
    read_so = LineReading("wHT47kAB", 0.9, middles("wHT47kAB", 48))
    assert with_case_seen(read_so, strip._replace(pixels=scratched)).text == "wHT47kAB"


def test_without_letters_of_known_height_no_case_is_changed() -> None:
    strip = printed("cwxz", 48)
    assert with_case_seen(LineReading("CWXZ", 0.9, middles("cwxz", 48)), strip).text == "CWXZ"


def test_half_a_code_gets_its_case_from_two_letters_and_a_whole_one_does_not() -> None:
    half, whole = printed("3Bw", 48), printed("3Bwxzwxzwx", 48)
    assert with_case_seen(LineReading("3BW", 0.9, middles("3Bw", 48)), half).text == "3Bw"
    read_so = LineReading("3BWXZWXZWX", 0.9, middles("3Bwxzwxzwx", 48))
    assert with_case_seen(read_so, whole).text == read_so.text


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("$KB[14]s", "$KBl14ls"),
        ("¥|8V", "¥l8V"),
        ("￥FOnPj$xGf1￥", "￥FOnPjSxGf1￥"),
        ("立即领券￥a!B2c3D4￥", "立即领券￥alB2c3D4￥"),
        ("K5[0£", "K5l0£"),
        ("$a1B2c3D4$ $e5F6g7H8$", "$a1B2c3D4$ $e5F6g7H8$"),
        ("¥199|包邮", "¥199|包邮"),
        ("[满减] a|b", "[满减] a|b"),
    ],
)
def test_signs_where_a_code_has_its_letters_are_letters(seen: str, meant: str) -> None:
    assert with_letters(seen) == meant


def test_a_line_by_half_a_code_is_read_again_though_its_sign_was_misread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without_its_sign(strip: Strip, line_reader: networks.LineReader) -> LineReading:
        reading = read_strip(strip, line_reader)
        if not reading.text.startswith("K"):
            return reading
        return reading._replace(text=reading.text[:-1] + "E")

    monkeypatch.setattr(reader, "read_strip", without_its_sign)
    lines = reader.read(pixels(card("￥a1B2x", "K5V￥", ground="white", ink="black"))).lines
    assert [line.text for line in lines][-1] == "K5VE"
    assert readings(lines).endswith("K5V￥")


def test_a_code_parted_by_what_covers_it_is_read_as_one_line() -> None:
    image = Image.new("RGB", (900, 300), "white")
    pen = ImageDraw.Draw(image)
    pen.text((450, 150), f"￥{foreign_code}￥", font=font(60), fill="#303030", anchor="mm")
    pen.ellipse((330, 90, 430, 210), fill="#f0b0b0")
    lines = reader.read(pixels(image)).lines
    assert any(foreign_code[:1] in one.second and foreign_code[-5:] in one.second for one in lines)


def test_a_code_over_two_lines_is_cut_once_a_half(monkeypatch: pytest.MonkeyPatch) -> None:
    cuts: list[float] = []

    def counted(*line_and_margins: Any) -> Strip:
        strip = cut_out(*line_and_margins)
        cuts.append(strip.pixels.shape[1] / strip.pixels.shape[0])
        return strip

    monkeypatch.setattr(second, "cut_out", counted)
    lines = reader.read(pixels(card(f"￥{foreign_code[:5]}", f"{foreign_code[5:]}￥"))).lines
    assert foreign_code in readings(lines)
    assert len(cuts) == 2
    assert max(cuts) < 9


@pytest.fixture
def half_blind(monkeypatch: pytest.MonkeyPatch) -> HalfBlind:
    """A way to blind the first look; it gives the list of the sizes that are looked at."""
    asked: list[int] = []

    def blind(*seen: PrintedLine, specks: int = 0) -> list[int]:
        """Let the first look see no code, but these lines beside, and so many specks."""

        def look(image: Pixels, size: int = side) -> Print:
            asked.append(size)
            found = find_print(image, size)
            if size != side:
                return found
            return Print([*(line for line in found.lines if line.size()[0] < 200), *seen], specks)

        monkeypatch.setattr(reader, "find_print", look)
        return asked

    return blind


letter = PrintedLine(np.array([(500, 500), (520, 500), (520, 520), (500, 520)], np.float32))


@pytest.mark.parametrize(("pieces", "specks"), [((letter,), 0), ((), 3)])
def test_a_code_in_print_seen_in_part_is_looked_for_once_more_and_larger(
    half_blind: HalfBlind, pieces: tuple[PrintedLine, ...], specks: int
) -> None:
    asked = half_blind(*pieces, specks=specks)
    lines = reader.read(pixels(card("红包封面", f"￥{foreign_code}￥", side=1080))).lines
    assert foreign_code in readings(lines)
    assert asked == [side, closer_side]


def test_a_speck_or_two_are_no_print_seen_in_part(half_blind: HalfBlind) -> None:
    asked = half_blind(specks=2)
    reader.read(pixels(card("红包封面", f"￥{foreign_code}￥", side=1080)))
    assert asked == [side]


def test_specks_are_patches_too_small_for_a_line() -> None:
    image = Image.new("RGB", (448, 448), "white")
    ImageDraw.Draw(image).text((60, 200), "天天领红包", "black", font(40), "lm")
    assert find_print(pixels(image)).specks == 0
    for place in range(6):
        ImageDraw.Draw(image).text((60 + 60 * place, 330), "口", "gray", font(6), "lm")
    found = find_print(pixels(image))
    assert found.specks > 0
    assert len(found.lines) >= 1


def test_without_print_for_sure_nothing_is_looked_at_again(half_blind: HalfBlind) -> None:
    asked = half_blind(letter)
    assert reader.read(pixels(card(f"￥{foreign_code}￥", side=1080))).lines == ()
    assert asked == [side]


def test_a_code_whose_first_sign_is_hidden_is_cut_longer_on_that_side_alone() -> None:
    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).text((300, 150), f"{foreign_code}￥", "black", font(48), "lm")
    [line] = find_print(pixels(image)).lines
    inside = cut_out(pixels(image), line)
    longer = cut_out(pixels(image), line, before=3.0, after=1.0)
    whole = longer.pixels.shape[1]
    assert whole == pytest.approx(inside.pixels.shape[1] + 4 * inside.pixels.shape[0], abs=2)
    assert longer.begin * whole == pytest.approx(3 * inside.pixels.shape[0], abs=2)
    assert (1 - longer.end) * whole == pytest.approx(inside.pixels.shape[0], abs=2)
    assert longer.turned().begin == pytest.approx(1 - longer.end)


def test_a_grainy_line_is_smoothed_and_a_clean_one_is_not() -> None:
    clean = np.asarray(Image.fromarray(printed(foreign_code, 48).pixels).convert("L"))
    grain = np.random.default_rng(5).normal(0, 25, clean.shape)
    grainy = np.clip(clean + grain, 0, 255).astype(np.uint8)
    assert not is_grainy(clean)
    assert is_grainy(grainy)
    assert not is_grainy(smooth(grainy))
    ground = slice(0, 8)
    assert smooth(grainy)[ground].std() < grainy[ground].std() / 2
    assert smooth(grainy).min() < 60  # the letters are as dark as before


def test_dirt_between_the_letters_of_a_code_is_left_out() -> None:
    image = Image.new("RGB", (900, 300), "white")
    pen = ImageDraw.Draw(image)
    pen.text((60, 150), "￥a1", "black", font(60), "lm")
    at = 60 + font(60).getlength("￥a1")
    pen.ellipse((at + 2, 172, at + 8, 178), fill="black")
    pen.text((at + 10, 150), "B2c3D4e5F￥", "black", font(60), "lm")
    assert "a1B2c3D4e5F" in readings(reader.read(pixels(image)).lines)


def test_a_spread_out_code_is_as_sure_as_its_letters() -> None:
    tight, wide = (
        read_strip(printed(text, 48), networks.code_reader())
        for text in (foreign_code, "  ".join(foreign_code))
    )
    assert wide.confidence > tight.confidence - 0.1


def test_unsure_lines_follow_those_that_surely_stand_on_their_heads() -> None:
    image = card("复制这条信息", "打开手机淘宝领取", "￥zZvXf9qUxja￥").rotate(180)
    assert "zZvXf9qUxja".lower() in readings(reader.read(pixels(image)).lines).lower()


def test_a_letter_under_a_stamp_is_no_chinese_character() -> None:
    first = LineReading("券￥a1B2尾3D4e5F￥", 0.9, tuple(range(0, 980, 70)))
    code = LineReading("￥a1B2u3D4e5F￥", 0.9, tuple(range(70, 980, 70)))
    assert with_chinese_of(first, code).text == "券￥a1B2u3D4e5F￥"


def test_the_ends_of_a_code_may_hold_one_and_prices_hold_none() -> None:
    assert all(map(may_hold_code, ("￥t7Xk", "m9Ra￥", "a1B2c3D4")))
    assert not any(map(may_hold_code, ("￥199", "199￥", "到手价 ¥ 29.90", "领券")))


def test_a_card_without_a_code_has_no_second_reading() -> None:
    lines = reader.read(
        pixels(card("真丝连衣裙 限时优惠", "到手价 ￥199.00", "电话 4008001234"))
    ).lines
    assert len(lines) == 3
    assert not any(line.second for line in lines)


def test_what_was_read_for_certain_is_read_again_only_between_signs() -> None:
    lines = reader.read(
        pixels(card("订单 WH1000XM5", "￥WH1000XM5￥", ground="white", ink="black"))
    ).lines
    bare, signed = sorted(lines, key=lambda line: "￥" in line.text or "¥" in line.text)
    assert bare.confidence > 0.99
    assert not bare.second
    assert "WH1000XM5" in signed.second


def test_a_picture_without_text_has_no_lines() -> None:
    shade = np.linspace(0, 255, 640, dtype=np.uint8)
    assert reader.read(np.dstack([np.tile(shade, (480, 1))] * 3)).lines == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (17, 900)])
def test_a_picture_of_any_shape_is_looked_at(shape: tuple[int, int]) -> None:
    assert reader.read(np.full((*shape, 3), 200, np.uint8)).lines == ()


def test_no_more_lines_are_read_than_asked_and_the_others_are_counted() -> None:
    whole, part = (reader.read(pixels(card(*foreign_lines)), lines) for lines in (60, 2))

    assert (len(part.lines), part.left_out) == (2, len(whole.lines) - 2)
    assert whole.left_out == 0


def test_reading_opens_no_connection(no_network: None) -> None:
    for made_once in (networks.line_finder, networks.quick_reader, networks.code_reader):
        made_once.cache_clear()
    assert foreign_code in readings(reader.read(pixels(card(*foreign_lines))).lines)


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    name = "ppocrv6_tiny_dict.txt"
    (tmp_path / name).write_bytes(networks.file_of(name).read_bytes() + b"x")
    with pytest.raises(InvalidInput, match="not the pinned one"):
        networks.file_of(name, tmp_path)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="missing"):
        networks.file_of("tiny/det/det.onnx", tmp_path)


def test_the_cut_head_says_what_the_whole_one_says() -> None:
    image = Image.new("RGB", (420, 60), "white")
    ImageDraw.Draw(image).text((10, 4), f"￥{foreign_code}￥", font=font(40), fill="black")
    strip = Strip(pixels(image), np.zeros((4, 2), np.float32))
    whole = networks.LineReader(
        networks.network_of(networks.file_of("small/rec/rec.onnx").read_bytes()),
        networks.letters_of("ppocrv6_dict.txt"),
    )
    cut = read_strip(strip, networks.code_reader())
    assert cut.text == read_strip(strip, whole).text
    assert foreign_code in cut.text


def test_letters_read_where_chinese_stands_are_left_out() -> None:
    first = LineReading(
        "重2.5kg尺寸30x", 0.9, (0, 100, 200, 300, 400, 450, 500, 600, 700, 800, 900)
    )
    code = LineReading("2.5kgR30x", 0.9, (100, 200, 300, 400, 450, 560, 700, 800, 900))
    merged = with_chinese_of(first, code)
    assert merged.text == first.text
    assert merged.places == first.places
