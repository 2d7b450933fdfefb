from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.gate import Detectors, Signal, detectors_for


@pytest.fixture(scope="module")
def detectors() -> Detectors:
    return detectors_for("kouling.example")


def inducements(detectors: Detectors, text: str) -> list[Signal]:
    return [s for s in detectors.inspect([text])[0] if s.kind == "inducement"]


@pytest.mark.parametrize(
    "text",
    [
        "分享到朋友圈集满30个赞，免费领取大礼包",
        "转发这条就能抽奖，奖品是手机",
        "领红包啦！点我助力",
        "邀请好友注册，双方各得现金奖励",
        "砍·一·刀，免费拿",
        "轉發到群裡領取優惠券",
        "转 发 有 红 包",
        "这篇文章必转",
        "不转不是中国人",
    ],
)
def test_sharing_asked_for_a_reward_is_seen(detectors: Detectors, text: str) -> None:
    (signal,) = inducements(detectors, text)

    assert signal.text == text[signal.start : signal.end]
    assert signal.party is None
    assert signal.confidence <= 0.6  # a weak signal


@pytest.mark.parametrize(
    "text",
    [
        "把照片分享到朋友圈了",
        "收到一个红包，开心",
        "今天转发了一篇文章",
        "优惠券用掉了，快递很快",
        "转发" + "。" * 40 + "红包",
        "",
    ],
)
def test_ordinary_talk_is_not(detectors: Detectors, text: str) -> None:
    assert inducements(detectors, text) == []


def test_it_stands_beside_a_share_code(detectors: Detectors) -> None:
    text = "￥t7Xk2bQm9Ra￥ 打开淘宝，转发给好友领红包"

    kinds = {signal.kind for signal in detectors.inspect([text])[0]}
    assert {"share_code", "inducement"} <= kinds


@given(st.text(alphabet="分享转发红包助力领取集赞 ·。1a", max_size=300))
def test_spans_are_in_order_and_apart(detectors: Detectors, text: str) -> None:
    found = inducements(detectors, text)

    for one, other in pairwise(found):
        assert one.end <= other.start
    assert all(text[s.start : s.end] == s.text for s in found)
