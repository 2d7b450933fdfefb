"""Printed lines become signals: codes that something speaks for, and what is unsure."""

import pytest

from kouling.gate.detectors import Detectors, detectors_for
from kouling.gate.detectors.picture_text import picture_text, signals_max
from kouling.gate.records import Party
from kouling.picture.look import Look
from kouling.picture.records import Barcode, Box, Line
from kouling.words import evidence_of


def printed(*texts: str) -> Look:
    boxes = [Box(((0, y), (500, y), (500, y + 40), (0, y + 40))) for y in range(0, 5_000, 50)]
    pairs = zip(texts, boxes, strict=False)
    lines = [Line(text=text, box=box, confidence=0.99) for text, box in pairs]
    return Look(lines=tuple(lines))


def bundled() -> Detectors:
    return detectors_for("kouling.example")


def kinds(*texts: str) -> set[str]:
    return {one.kind for one in picture_text(printed(*texts), 1, bundled(), None)}


@pytest.mark.parametrize(
    "texts",
    [
        ("￥t7Xk2bQm9Ra￥",),
        ("¥EdhByGlibo4¥",),  # a misread I makes it look like words
        ("复制这条信息 打开手机淘宝", "t7Xk2bQm9Ra"),
        ("复制这段话￥t7Xk2", "bQm9Ra￥打开淘宝"),
        ("长按复制 打开淘宝", "￥ t 7 X k 2 b Q m 9 R a ￥"),
    ],
)
def test_a_code_between_signs_or_with_wording_is_a_share_code(texts: tuple[str, ...]) -> None:
    assert "share_code" in kinds(*texts)


@pytest.mark.parametrize(
    "texts",
    [
        ("尺寸 30x20x15cm", "HUAWEI Mate60Pro", "航班 CA1390 14:35 起飞"),
        ("Sony FE 24-70mm F2.8 GM II", "Sony FE 24-70mm F2.8 GM II", "航班 CA0102 14:35 起飞"),
        ("天猫超市", "iPhone15ProMax 256GB", "到手价 ¥5999", "订单号 1234567890123456"),
        ("打开淘宝 搜索 MacBookAirM2", "教育优惠"),
        ("(iPhone15ProMax)", "京东 价格 $1299 / €1199"),
        ("原价 ¥199 现价 ¥ 99", "$ 1299.00 / € 1199.50"),
        ("t7Xk2bQm9Ra",),
    ],
)
def test_models_flights_and_bare_tokens_are_at_most_unsure(texts: tuple[str, ...]) -> None:
    assert kinds(*texts) <= {"unsure"}


def test_a_link_that_runs_on_in_the_next_line_is_one_wherever_it_breaks() -> None:
    link = "https://pan.baidu.com/s/1ZtoX8bQm9Ra"
    found = [kinds("看这里", link[:at], link[at:], "提取码") for at in range(9, len(link) - 1)]
    assert all("share_link" in each for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "客服热线 400-820-8820",
        "电话 13912345678",
        "订单号 1234567890123456",
        "ISBN 978 7 111 12345 6",
        "有效期 2026.11.28-2027.05.31",
        "iPhone15ProMax",
        "DN150 PN16 GB12459",
        "SN 8842CN2201XK",
    ],
)
def test_numbers_and_models_are_no_more_than_that(text: str) -> None:
    assert kinds(text) == set()


def test_a_bare_run_that_nobody_wrote_is_unsure_and_says_why() -> None:
    [signal] = picture_text(printed("t7Xk2bQm9Ra"), 1, bundled(), None)
    assert signal.kind == "unsure"
    assert "a bare run of letters and digits that looks drawn by lot" in evidence_of(signal)


def coded(*texts: str) -> Look:
    box = Box(((0, 0), (9, 0), (9, 9), (0, 9)))
    return Look(barcodes=tuple(Barcode(text=text, form="QR Code", box=box) for text in texts))


def test_a_foreign_link_behind_many_of_our_own_is_told_and_so_is_what_is_left_out() -> None:
    ours = [f"https://kouling.example/i/{number}" for number in range(signals_max)]
    found = picture_text(coded(*ours, "https://m.tb.cn/h.3Kx7Qd2"), 1, bundled(), None)

    assert [one.kind for one in found if one.party is Party.foreign] == ["share_link"]
    assert [one.kind for one in found[signals_max:]] == ["not_inspected"]


def test_a_code_that_can_not_be_read_is_unsure_and_says_why() -> None:
    [signal] = picture_text(coded(""), 1, bundled(), None)
    assert (signal.kind, signal.box) == ("unsure", (0, 0, 9, 9))
    assert evidence_of(signal) == ("a QR Code barcode is there and can't be read",)
