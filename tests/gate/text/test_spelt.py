"""Addresses with their signs in words or cut by markup, and hosts of emoji, are read."""

from __future__ import annotations

import pytest

from kouling.gate.detectors import detectors_for
from kouling.gate.records import Party, Signal

DETECTORS = detectors_for("kou.example")


def shared(text: str) -> list[Signal]:
    (found,) = DETECTORS.inspect([text])
    return [s for s in found if s.kind in ("share_code", "share_link") and s.party is Party.foreign]


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("https://u(dot)jd(dot)com(slash)Xk29fQb", "jd"),
        ("m.tb.cn(slash)h.Xk29fQb", "taobao"),
        ("xhslink点com斜杠a斜杠Xk29fQb", "xiaohongshu"),
        ("v\\.kuaishou\\.com/Xk29fQb", "kuaishou"),
        ("b23<wbr>.tv/Xk29fQb", "bilibili"),
        ("v.dou<i>yin.com/Xk29fQb/", "douyin"),
        ("https://m.tb[spoiler][/spoiler].cn/h.Xk29fQb", "taobao"),
        ("b23.tv&shy;/Xk29fQb", "bilibili"),
        ("https://🎁.example.com/i/Xk29fQb8Lm 复制打开", None),
    ],
)
def test_a_link_with_its_signs_otherwise_is_a_share_link(text: str, issuer: str | None) -> None:
    (found,) = shared(text)
    assert (found.kind, found.issuer) == ("share_link", issuer)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "[b]粗体[/b]文字 <b>bold</b>.text",
        "regex: \\d+\\.\\d+ and a\\.b",
        "the slash character (slash) is used",
        "正则 https?:\\/\\/[a-z]+\\.com",
        "v1.2<br>.3 release",
        "😀.我觉得/还行",
    ],
)
def test_markup_and_escapes_without_an_address_are_left_alone(text: str) -> None:
    assert shared(text) == []
