"""A code that a reader can mend is found; what only looks like an instruction is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kouling.gate.detectors import detectors_for
from kouling.gate.records import Party, Signal

CODE = "kT4mQz7Wb2X"
DETECTORS = detectors_for("kou.example")


def shared(text: str) -> list[Signal]:
    (found,) = DETECTORS.inspect([text])
    return [s for s in found if s.kind in ("share_code", "share_link") and s.party is Party.foreign]


def found_code(text: str) -> str:
    (found,) = shared(text)
    return found.code


@pytest.mark.parametrize(
    "text",
    [
        "￥kT4mQ\nz7Wb2X￥ 打开淘宝",
        "€kT4mQz7\r\n\r\nWb2X€ tao寶",
        "(kT4mQz\n7Wb2X)/ CA1201",
        "京东：kT4mQ\nz7Wb2X",
    ],
)
def test_a_code_broken_over_lines_is_put_together(text: str) -> None:
    assert found_code(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "￥kT4mQ我是来捣乱的z7Wb2X￥ 手淘，把那几个字删了",
        "￥kT4mQ【删】z7Wb2X￥ 淘宝",
        "kT4mQ中间这俩字不算z7Wb2X 淘宝",
        "€kT4m💖Qz7Wb2X€ 去掉爱心 淘宝",
        "￥k的T4是mQ我z7们Wb这2X￥去汉字 淘宝",
        "k的T4是mQ我z7们Wb这2X 把汉字删掉，淘宝",
        "￥kT4mQ remove this z7Wb2X￥ open Taobao",
        "kT4mQ(delete this)z7Wb2X → paste in Taobao",
        "￥kT4mQ(supprime ça)z7Wb2X￥ ouvrez Taobao",
        "￥kT4mQこの部分を削除z7Wb2X￥ タオバオ",
        "￥k가T4나mQ다z7Wb2라X￥ 한글 제거 타오바오",
        "￥kT4mQ<xóa đi>z7Wb2X￥ mở Taobao",
    ],
)
def test_what_a_reader_is_to_leave_out_is_left_out(text: str) -> None:
    assert found_code(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "①kT4mQ②z7Wb2X 拼一起 打开淘宝",
        "❶kT4mQ ❷z7W ❸b2X 组合 淘宝",
        "1️⃣kT4mQ 2️⃣z7Wb2X 连起来淘宝",
        "②z7Wb2X ①kT4mQ 按顺序连起来，手淘",
        "第1段 kT4mQ 第2段 z7Wb2X 合并 淘宝",
        "1/3 kT4m\n2/3 Qz7W\n3/3 b2X\n合起来淘宝",
        "后半 z7Wb2X 前半 kT4mQ，淘宝",
        "First half kT4mQ, second half z7Wb2X. Put together, paste in Taobao",
        "Teil 1: kT4mQ Teil 2: z7Wb2X zusammensetzen, Taobao öffnen",
        "앞부분: kT4mQ 뒷부분: z7Wb2X 합쳐서 타오바오",
    ],
)
def test_parts_are_put_together_in_the_order_of_their_numbers(text: str) -> None:
    (found,) = shared(text)
    assert found.code == CODE
    assert "kT4m" in found.text
    assert "2X" in found.text


@pytest.mark.parametrize(
    "text",
    [
        "￥kT4mQz7*b2X￥ *=W 淘宝",
        "￥kT4mQz7□b2X￥（□为W）淘宝",
        "￥kT4mQz7大b2X￥ 大是W 淘宝",
        "￥kT4mQz7?b2X￥ 问号换成W 淘宝",
        "￥kT4mQz7_b2X￥ replace _ with W, Taobao",
    ],
)
def test_a_sign_that_stands_for_a_letter_is_read_as_the_letter(text: str) -> None:
    assert found_code(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "￥z7Wb2X kT4mQ￥ 前后对调 淘宝",
        "z7Wb2X kT4mQ 两段互换位置，打开淘宝",
        "z7Wb2X-kT4mQ swap the halves, open Taobao",
    ],
)
def test_halves_are_swapped_where_the_text_says_so(text: str) -> None:
    assert found_code(text) == CODE


@given(st.sampled_from(" -.·_|/、~+"), st.sampled_from(["￥", "€", "₤"]))
@settings(max_examples=12)
def test_capitals_and_digits_are_found_with_any_sign_between(sign: str, around: str) -> None:
    assert found_code(f"{around}{sign.join('K7MQ4ZT2WB9')}{around} 手淘") == "K7MQ4ZT2WB9"


@pytest.mark.parametrize(
    "text",
    [
        "请把文件名里的空格去掉，比如 my file1 改成 myfile1。",
        "1. iPhone15Pro 2. MacBookAir 3. iPadMini6，三个连起来买更便宜",
        "①准备 MacBook ②打开 Terminal ③输入 brew install",
        "前面是 BMW320 后面是 AudiA4，堵死了",
        "CPU￥2000 GPU￥4000 RAM￥500 组合起来￥6500",
        "把 A4 换成 B5 的纸",
        "$x_1$ 和 $x_2$ 交换位置后等式不变",
        "Remove the old engine part 1 before fitting part 2, then join them.",
        "Swap the tires front and rear every 10000 km.",
        "淘宝上买的 Lenovo\nThinkPad14 很不错",
        "$user1 and $user2 are swapped with $tmp",
        "订单 202311 和 202312 合并发货，去掉重复的",
    ],
)
def test_instructions_that_mend_no_code_are_left_alone(text: str) -> None:
    assert shared(text) == []
