"""Printed lines become signals: codes that something speaks for, and what is unsure."""

import pytest

from kouling.gate.detectors import Detectors
from kouling.gate.detectors.picture_text import picture_text
from kouling.picture.look import Look
from kouling.picture.records import Box, Line


def printed(*texts: str) -> Look:
    boxes = [Box(((0, y), (500, y), (500, y + 40), (0, y + 40))) for y in range(0, 5_000, 50)]
    pairs = zip(texts, boxes, strict=False)
    lines = [Line(text=text, box=box, confidence=0.99) for text, box in pairs]
    return Look(lines=tuple(lines))


def kinds(*texts: str) -> set[str]:
    return {one.kind for one in picture_text(printed(*texts), 1, Detectors.load(), None)}


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
