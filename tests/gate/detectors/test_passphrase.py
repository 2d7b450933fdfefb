"""Codes that only wording gives away, and talk of the same words that gives nothing away."""

from __future__ import annotations

from pathlib import Path

import pytest

from kouling.gate.detectors import detectors_for
from kouling.gate.records import Party, Signal

DETECTORS = detectors_for("kou.example")
TALK = (Path(__file__).parent / "copy_and_open_talk.txt").read_text("utf-8").splitlines()


def shared(text: str) -> list[Signal]:
    (found,) = DETECTORS.inspect([text])
    return [s for s in found if s.kind in ("share_code", "share_link") and s.party is Party.foreign]


@pytest.mark.parametrize(
    "text",
    [
        "复制这条信息打开茶话社",
        "复制此条信息后打开奶茶江湖，一起来领券",
        "长按复制这段话，打开《山海集市》",
        "全选复制此消息，然后打开 PocketTea 一起玩",
        "快来！复制这条信息→打开茶话社",
        "复制本信息打开-茶话社-",
        "Copy this message and open TeaHouse to get your gift",
        "Copiez ce message et ouvrez TeaHouse",
        "Kopiere diese Nachricht und öffne TeaHouse",
        "Copia este mensaje y abre TeaHouse",
        "Salin pesan ini dan buka TeaHouse",
        "Sao chép tin nhắn này rồi mở TeaHouse",
        "คัดลอกข้อความนี้แล้วเปิด TeaHouse",
        "このメッセージをコピーして TeaHouse を開く",
        "이 메시지를 복사하고 TeaHouse 앱을 여세요",
    ],
)
def test_a_request_to_copy_this_and_open_an_app_needs_no_brackets(text: str) -> None:
    assert [signal.kind for signal in shared(text)] == ["share_code"]


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("房间号:[731902] 密码:1234 复制此消息打开游戏即可加入", "731902"),
        ("我在茶馆棋牌等你，房间号 88213 复制这条消息打开游戏直接进入", "88213"),
        ("[好友房] 房间ID:20931 复制此消息打开游戏", "20931"),
    ],
)
def test_the_number_of_a_room_to_join_is_a_share_code(text: str, room: str) -> None:
    assert room in {signal.code for signal in shared(text)}


@pytest.mark.parametrize(
    "text",
    [
        "注册时填邀请码 7KQ2MX 立得10元红包",
        "邀请码：7KQ2MX，双方各得5元",
        "Use my referral code 7KQ2MX and we both get $10",
        "Mon code parrain : 7KQ2MX, 10€ offerts à l'inscription",
        "Mein Einladungscode: 7KQ2MX – 15 € geschenkt",
        "Usa mi código de invitación 7KQ2MX y gana 10 euros",
        "Nhập mã giới thiệu 7KQ2MX nhận 50k",
        "招待コード 7KQ2MX を入力すると500円もらえます",
        "추천인 코드 7KQ2MX 입력하면 5000원 적립",
    ],
)
def test_an_invitation_code_that_brings_a_reward_is_a_share_code(text: str) -> None:
    assert [signal.code for signal in shared(text)] == ["7KQ2MX"]


@pytest.mark.parametrize(
    "text",
    [
        "邀请码功能还在开发，预计下周上线。",
        "inviteCode: 'INVITE2024A', // 可选，不提供则自动生成",
        "Validate that the invitation code has 6 characters.",
        "How do referral codes work? You get $10 when a friend joins.",
        "招待コードとは何ですか？",
        "会议邀请码 123456 请勿外传",
    ],
)
def test_talk_of_invitation_codes_is_left_alone(text: str) -> None:
    assert shared(text) == []


def test_talk_of_copying_and_opening_is_left_alone() -> None:
    """Written for this: at most one sentence in two hundred may be taken for a share code."""
    found = DETECTORS.inspect(TALK)
    flagged = [text for text, signals in zip(TALK, found, strict=True) if signals]
    assert len(TALK) > 180
    assert len(flagged) <= len(TALK) / 200 + 1
