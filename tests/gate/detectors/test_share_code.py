"""Codes that stand alone between signs that no writer puts around a word."""

from __future__ import annotations

import pytest

from kouling.gate.detectors import detectors_for
from kouling.gate.records import Party, Signal

DETECTORS = detectors_for("kou.example")
CODE = "Kq7ZtLm3XaB"


def shared(text: str) -> list[Signal]:
    (found,) = DETECTORS.inspect([text])
    return [s for s in found if s.kind in ("share_code", "share_link") and s.party is Party.foreign]


@pytest.mark.parametrize(
    "form", ["6/{}//", "//{}//", "0_0({}(/", "￥{}", "{}€", "ァ{}い", "3:/ {}", "₳{} "]
)
def test_a_code_alone_between_odd_signs_is_found(form: str) -> None:
    (found,) = shared(form.format(CODE))
    assert found.code == CODE


@pytest.mark.parametrize(
    "text", ["￥iPhone15Pro", "￥HuaweiMate60", "path //staticFile2// end", "$iPhone15Pro 真好"]
)
def test_a_name_between_the_same_signs_is_left_alone(text: str) -> None:
    assert shared(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "1.23 k@f.Ab 11/30 Qwe:/ 猫",
        "Qwe:/ 11/30 k@f.Ab 我的作品",
        "7.05 k@f.Ab Qwe:/ 去看",
        "5.31 11/30 Qwe:/ :8pm 今天的风很大",
    ],
)
def test_a_code_of_a_short_video_alone_is_told_by_its_marks(text: str) -> None:
    (found,) = shared(text)
    assert (found.code, found.issuer) == ("Qwe:/", "douyin")


@pytest.mark.parametrize("text", ["2024/11/30 abc:/ 目录", "git clone ssh://code.example.com/a"])
def test_three_letters_and_a_slash_alone_are_left_alone(text: str) -> None:
    assert not [signal for signal in shared(text) if signal.issuer == "douyin"]


@pytest.mark.parametrize(
    "text",
    [
        f"原神兑换码：{CODE} 快去领，发给朋友一起用",
        f"卡组代码 {CODE} 分享给大家，暗号是冲",
        f"My crosshair: {CODE} copy the settings",
        f"gift code {CODE} for everybody who opens the game",
    ],
)
def test_a_games_own_code_is_no_share_code(text: str) -> None:
    (found,) = DETECTORS.inspect([text])
    assert not shared(text)
    assert {signal.kind for signal in found} <= {"game_code"}


def test_a_code_that_shall_be_copied_to_open_an_app_is_none_of_a_game() -> None:
    assert shared(f"兑换码￥{CODE}￥ 复制这段话打开淘宝")
