"""Two pictures say the same if nothing in them differs, or what differs only covers something."""

import pytest

from kouling.gate.text.content import Agreement, agreement, needs_lines
from kouling.picture import Likeness, Line, Look, Spot
from kouling.picture.look import Opened
from kouling.picture.records import Barcode, Box

opened = Opened(form="PNG", width=1_000, height=1_000)
title, price, code = 100, 200, 300
"""Where the lines of a card begin; each is 50 high."""


def line(text: str, top: int) -> Line:
    corners = ((100, top), (500, top), (500, top + 50), (100, top + 50))
    return Line(text=text, box=Box(corners), confidence=0.9)


def card(*texts: str) -> Look:
    lines = (line(text, 100 * place) for place, text in enumerate(texts, 1))
    return Look(opened=opened, lines=tuple(lines), barcodes=())


def scanned(look: Look, text: str) -> Look:
    corners = ((0, 0), (9, 0), (9, 9), (0, 9))
    return Look(
        opened=opened,
        lines=look.lines,
        barcodes=(Barcode(text=text, form="QR Code", box=Box(corners)),),
    )


def laid(*spots: Spot, compared: float = 1.0, differing: float = 0.1) -> Likeness:
    return Likeness(inliers=99, compared=compared, differing=differing if spots else 0, spots=spots)


def at(top: int) -> Spot:
    """A spot as tall as a line, where a line is."""
    return (100, top, 300, top + 50)


known = card("真丝连衣裙限时优惠", "￥615 原价984元", "￥t7Xk2bQm9Ra￥")
sticker: Spot = (80, 180, 400, 480)


def test_what_is_the_same_to_the_pixel_says_the_same_although_nobody_read_it() -> None:
    assert agreement(Look(), known, laid()) is Agreement.same
    assert not needs_lines(known, laid())


def test_what_could_hardly_be_compared_is_unclear() -> None:
    assert agreement(known, known, laid(compared=0.2)) is Agreement.unclear


def test_two_products_on_one_template_differ_in_too_much() -> None:
    assert agreement(known, known, laid(at(code), differing=0.4)) is Agreement.other


@pytest.mark.parametrize("text", ["￥t7Xk2bQm9Ra￥", "￥t7Xk2bQm9R￥", "￥t7XkZbQm9Ra￥"])
def test_a_line_agrees_although_a_letter_was_read_otherwise(text: str) -> None:
    assert agreement(card("", "", text), known, laid(at(code))) is Agreement.same


@pytest.mark.parametrize(
    ("seen", "spot"),
    [
        (card("真丝连衣裙限时优惠", "￥675 原价984元", "￥t7Xk2bQm9Ra￥"), at(price)),
        (card("真丝连衣裙限时优惠", "￥615 原价984元", "￥m3Wd7sXc9Hp￥"), at(code)),
        (card("冻干咖啡粉限时优惠", "￥615 原价984元", "￥t7Xk2bQm9Ra￥"), at(title)),
    ],
)
def test_another_price_code_or_name_says_something_else(seen: Look, spot: Spot) -> None:
    assert agreement(seen, known, laid(spot)) is Agreement.other


def test_a_photo_without_print_may_be_covered_by_more() -> None:
    photo = Look(opened=opened, lines=(), barcodes=())

    assert agreement(card("好物"), photo, laid(sticker, differing=0.25)) is Agreement.same
    assert agreement(card("好物"), known, laid(sticker, differing=0.25)) is Agreement.other


def test_a_sticker_that_covers_a_line_or_two_changes_nothing() -> None:
    covered = card("真丝连衣裙限时优惠", "好物", "￥t7Xk2bQm9Ra￥")
    tall = (80, 155, 400, 295)

    assert agreement(covered, known, laid(tall)) is Agreement.same
    assert agreement(card("真丝连衣裙限时优惠"), known, laid(sticker)) is Agreement.unclear


def test_nobody_knows_what_differs_in_a_picture_that_was_not_read() -> None:
    unread = Look(opened=opened)

    assert agreement(known, unread, laid(at(code))) is Agreement.unclear
    assert agreement(unread, known, laid(at(code))) is Agreement.unclear
    assert needs_lines(known, laid(at(code)))


def test_another_barcode_says_something_else() -> None:
    mine, his = (scanned(known, f"https://m.tb.cn/h.{end}") for end in ("3Kx7Qd2", "9Pq1Zz8"))

    assert agreement(mine, his, laid((600, 600, 900, 900))) is Agreement.other
    assert agreement(mine, mine, laid((600, 600, 900, 900))) is Agreement.same
