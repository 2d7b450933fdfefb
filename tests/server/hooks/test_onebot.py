"""OneBot, against the messages and the signature of nonebot2's own adapter."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from nonebot.adapters.onebot.v11 import Adapter, Message, MessageSegment
from nonebot.adapters.onebot.v11.event import GroupMessageEvent
from nonebot.drivers import Request

from tests.samples import foreign_text
from tests.server.hooks.conftest import digest, secret, to_onebot

Client = TestClient[Litestar]


def said(message: Message | str, **fields: Any) -> dict[str, Any]:
    """An event as QQ's bots report it, which nonebot2 takes for a message in a group."""
    parts = message if isinstance(message, str) else [vars(one) for one in message]
    event = {
        "time": 1_790_000_000,
        "self_id": 10_000,
        "post_type": "message",
        "message_type": "group",
        "sub_type": "normal",
        "message_id": 7,
        "group_id": 20_000,
        "user_id": 30_000,
        "anonymous": None,
        "message": parts,
        "raw_message": str(message),
        "font": 0,
        "sender": {"user_id": 30_000, "role": "member"},
        **fields,
    }
    if event["message_type"] == "group":
        assert isinstance(Adapter.json_to_event(json.loads(json.dumps(event))), GroupMessageEvent)
    return event


card = {"app": "com.tencent.structmsg", "meta": {"news": {"title": "优惠", "desc": foreign_text}}}
written_card = f'<?xml version="1.0"?><msg brief="[分享]"><title>{foreign_text}</title></msg>'


@pytest.mark.parametrize(
    "message",
    [
        Message(foreign_text),
        MessageSegment.at(1) + MessageSegment.text(foreign_text[:20]) + foreign_text[20:],
        Message(MessageSegment.json(json.dumps(card))),
        Message(MessageSegment.xml(written_card)),
        Message(MessageSegment.share("https://m.tb.cn/h.3Kx7Qd2?tk=t7Xk2bQm9Ra", "优惠")),
        str(MessageSegment.at(1) + MessageSegment.text(foreign_text)),
        str(Message(MessageSegment.json(json.dumps(card)))),
    ],
    ids=["text", "parts", "json card", "xml card", "share", "CQ codes", "card in CQ codes"],
)
def test_an_advertisement_in_a_group_is_deleted_and_its_author_told(
    hooked: Client, message: Message | str
) -> None:
    response = to_onebot(hooked, said(message))

    assert response.status_code == 200
    operation = response.json()
    assert operation.pop("reply")
    assert operation == {
        "delete": True,
        "auto_escape": True,
        "at_sender": True,
        "ban": True,
        "ban_duration": 600,
    }


def test_the_reply_repeats_nothing_of_the_advertisement(hooked: Client) -> None:
    reply = to_onebot(hooked, said(Message(foreign_text))).json()["reply"]

    assert reply == "本群不允许用于打开其他平台应用的口令。"


def test_what_is_limited_is_deleted_without_a_word(hooked: Client) -> None:
    response = to_onebot(hooked, said(Message(foreign_text)), "strict-onebot")

    assert response.json() == {"delete": True}


@pytest.mark.parametrize(
    "event",
    [
        said(Message("今天天气真好")),
        said(Message(foreign_text), message_type="private"),
        said(Message(foreign_text), user_id=10_000),
        {"post_type": "meta_event", "meta_event_type": "heartbeat", "self_id": 10_000, "time": 1},
        {"post_type": "notice", "notice_type": "group_recall", "user_id": 5},
    ],
    ids=["clean", "to the bot", "the bot's own", "heartbeat", "notice"],
)
def test_all_else_passes_without_an_operation(hooked: Client, event: dict[str, Any]) -> None:
    response = to_onebot(hooked, event)

    assert (response.status_code, response.content) == (204, b"")


def test_a_long_message_is_read_to_its_end(hooked: Client) -> None:
    response = to_onebot(hooked, said(Message("好" * 25_000 + foreign_text)))

    assert response.json()["delete"] is True


def test_a_nul_does_not_hide_an_advertisement(hooked: Client) -> None:
    response = to_onebot(hooked, said(Message("\0" + foreign_text)))

    assert response.json()["delete"] is True


def test_more_pictures_than_an_item_has_do_not_hide_an_advertisement(hooked: Client) -> None:
    pictures = [MessageSegment.image("base64://AAAA") for _ in range(12)]

    response = to_onebot(hooked, said(Message([*pictures, MessageSegment.text(foreign_text)])))

    assert response.json()["delete"] is True


def test_the_signature_is_the_one_that_nonebot_wants(hooked: Client) -> None:
    body = json.dumps(said(Message("你好"))).encode()
    signature = f"sha1={digest(body)}"
    theirs: Any = SimpleNamespace(onebot_config=SimpleNamespace(onebot_secret=secret))
    request = Request("POST", "http://bot", headers={"X-Signature": signature}, content=body)

    assert Adapter._check_signature(theirs, request) is None
    given = hooked.post("/v1/hooks/onebot", content=body, headers={"X-Signature": signature})
    assert given.status_code == 204


@pytest.mark.parametrize("signature", ["", "sha1=", "sha1=" + "0" * 40, "sha1=ÿ", digest(b"{}")])
def test_another_signature_is_refused(hooked: Client, signature: str) -> None:
    headers = {b"X-Signature": signature.encode()}
    response = hooked.post("/v1/hooks/onebot", content=b"{}", headers=headers)

    assert response.status_code == 401
    assert response.json()["type"] == "urn:kouling:problem:unsigned"
