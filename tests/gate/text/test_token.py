from __future__ import annotations

import string

import pytest

from kouling.gate.detectors import Detectors
from kouling.gate.text.token import holds_heavy_token, is_plain

detectors = Detectors.load()
codes = ("Vb3nT8kQz1L", "p9XrW2mKd7G", "H4sYj6Lq0Zc")


def found_in(text: str) -> list[str]:
    return [one.code for one in detectors.inspect([text])[0] if one.kind == "share_code"]


@pytest.mark.parametrize("code", codes)
@pytest.mark.parametrize(
    "form",
    [
        "￥_{}_￥ 打开淘宝",
        "￥__{}__￥",
        "手淘 _{}_ 已复制",
        "淘口令_{}",
        "{}_ HU8842 打开淘宝",
        "保存为 {}_2.png 打开天猫",
        "复制_{}_打开京东",
        "*_{}_* 打开闲鱼",
    ],
)
def test_a_code_set_in_italics_is_found(code: str, form: str) -> None:
    assert found_in(form.format(code)) == [code]


@pytest.mark.parametrize("sign", string.punctuation)
def test_a_code_between_any_two_ascii_signs_is_found(sign: str) -> None:
    text = f"复制这段话 {sign}{codes[0]}{sign} 打开淘宝"
    assert [codes[0] in code for code in found_in(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "my_var_name_2 = other_Var_Name3",
        "MAX_Retry2Times 打开配置",
        "test_parses_Utf8_in_Http2Frame_9",
        "__init__ 和 __getattr__ 打开文件看看",
    ],
)
def test_names_with_underscores_are_left_alone(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize("token", ["library", "Library", "LIBRARY", "20180529"])
def test_words_and_numbers_are_plain(token: str) -> None:
    assert is_plain(token)
    assert not holds_heavy_token(f"￥{token}￥", frozenset())


@pytest.mark.parametrize("code", codes)
def test_a_random_token_is_heavy(code: str) -> None:
    assert not is_plain(code)
    assert holds_heavy_token(f"see {code} there", frozenset())
