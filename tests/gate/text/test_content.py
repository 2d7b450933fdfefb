"""Two pictures say the same if their barcodes, their codes, or most of their words agree."""

import pytest

from kouling.gate.text.content import Agreement, agreement
from kouling.picture.look import Look
from kouling.picture.records import Barcode, Box, Line

box = Box(((0, 0), (9, 0), (9, 9), (0, 9)))


def printed(*texts: str) -> Look:
    return Look(lines=tuple(Line(text=text, box=box, confidence=0.9) for text in texts))


def scanned(*texts: str) -> Look:
    return Look(barcodes=tuple(Barcode(text=text, form="QR Code", box=box) for text in texts))


known = printed("iPhone15ProMax 256GB", "打开 MacBookAirM2", "￥t7Xk2bQm9Ra￥")


@pytest.mark.parametrize("code", ["t7Xk2bQm9Ra", "t7Xk2bQm9R", "t7Xk26Qm9Ra"])
def test_a_copy_agrees_although_a_letter_was_read_otherwise(code: str) -> None:
    assert agreement(printed(f"￥{code}￥"), known) is Agreement.same


def test_cards_of_one_template_with_other_codes_say_something_else() -> None:
    other = printed("iPhone15ProMax 256GB", "打开 MacBookAirM2", "￥m3Wd7sXc9Hp￥")
    assert agreement(other, known) is Agreement.other


def test_bare_tokens_agree_if_most_lines_do() -> None:
    bare = printed("r8Kq2vBn4Ta", "iPhone15ProMax")
    assert agreement(printed("iPhone15ProMax"), bare) is Agreement.other
    assert agreement(printed("r8Kq2vBn4Ta", "iPhone15ProMax"), bare) is Agreement.same


def test_a_barcode_counts_before_print() -> None:
    poster = scanned("https://m.tb.cn/h.3Kx7Qd2")
    assert agreement(scanned("https://m.tb.cn/h.3Kx7Qd2"), poster) is Agreement.same
    assert agreement(scanned("https://m.tb.cn/h.9Pq1Zz8"), poster) is Agreement.other
    assert agreement(printed("￥t7Xk2bQm9Ra￥"), poster) is Agreement.unclear
