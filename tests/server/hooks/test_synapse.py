"""Synapse: the requests that synapse-http-antispam makes, and how it takes their answers.

Its package needs a whole homeserver to be imported, so its requests are written out here;
`tools/try_synapse.py` holds them against a real one.
"""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.samples import foreign_text
from tests.server.hooks.conftest import to_synapse

Client = TestClient[Litestar]


def event(**content: Any) -> dict[str, Any]:
    """What `check_event_for_spam` sends: an event in the form for clients, with its id."""
    return {
        "event": {
            "type": "m.room.message",
            "sender": "@seller:matrix.example",
            "content": {"msgtype": "m.text", **content},
            "room_id": "!room:matrix.example",
            "origin_server_ts": 1_790_000_000_000,
            "event_id": "$xyz",
            "unsigned": {},
        }
    }


edit = {"body": "* 好", "m.new_content": {"msgtype": "m.text", "body": foreign_text}}
formatted = {"body": "好", "formatted_body": f"<p>{foreign_text}</p>"}
linked = {"body": "好", "formatted_body": '<a href="https://m.tb.cn/h.3Kx7Qd2">看</a>'}


@pytest.mark.parametrize(
    "content",
    [{"body": foreign_text}, edit, formatted, linked, {"topic": foreign_text}],
    ids=["body", "edit", "formatted body", "link behind words", "topic"],
)
def test_an_advertisement_is_refused_with_its_reason(
    hooked: Client, content: dict[str, Any]
) -> None:
    response = to_synapse(hooked, "check_event_for_spam", event(**content))

    assert response.status_code == 403
    assert response.json()["errcode"] == "M_FORBIDDEN"
    assert "another platform" in response.json()["error"]


@pytest.mark.parametrize(
    ("callback", "asked"),
    [
        ("check_event_for_spam", event(body="今天天气真好")),
        ("user_may_join_room", {"user": "@a:b", "room": "!r:b", "is_invited": False}),
        ("check_username_for_spam", {"user_profile": {}, "requester_id": "@a:b"}),
        ("user_may_invite", {"inviter": "@a:b", "invitee": "@c:b", "room_id": "!r:b"}),
    ],
)
def test_all_else_may_happen(hooked: Client, callback: str, asked: dict[str, Any]) -> None:
    response = to_synapse(hooked, callback, asked)

    assert (response.status_code, response.json()) == (200, {})


def test_a_ping_is_answered_as_the_module_wants_it(hooked: Client) -> None:
    assert to_synapse(hooked, "ping", {"id": "abc"}).json() == {"id": "abc", "status": "ok"}


def test_without_the_secret_nothing_is_said(hooked: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic abc"}):
        response = hooked.post("/v1/hooks/synapse/ping", json={"id": "a"}, headers=headers)
        assert response.status_code == 401
