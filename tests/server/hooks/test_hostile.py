"""Whatever is sent to a hook gets a clear answer: never a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.samples import foreign_text
from tests.server.hooks.conftest import to_onebot, to_synapse, to_telegram, to_web
from tests.server.hooks.test_onebot import said

Client = TestClient[Litestar]

bodies: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b"5",
    b"{",
    b'"\xff"',
    b"\xff\xfe",
    b'{"post_type": "message", "message": 5}',
    b'{"post_type": "message", "user_id": "x"}',
    b'{"post_type": "message", "user_id": 1e999}',
    b'{"post_type": "message", "message": [{"type": "text", "data": 5}]}',
    b'{"post_type": "message", "message": "\\ud800"}',
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
]


@pytest.mark.parametrize("body", bodies, ids=lambda body: str(body[:30]))
def test_a_body_that_is_no_event_is_refused(hooked: Client, body: bytes) -> None:
    assert to_onebot(hooked, body).status_code == 422


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [{}], True])
def test_a_value_of_another_kind_never_fails(hooked: Client, value: Any) -> None:
    told = [
        to_telegram(hooked, {"update_id": 1, "message": value}),
        to_telegram(hooked, {"update_id": value}),
        to_synapse(hooked, "check_event_for_spam", {"event": value}),
        to_synapse(hooked, value if isinstance(value, str) else "ping", {"id": value}),
        to_web(hooked, {"event": "created", "message": value, "room": value}),
        to_onebot(hooked, said("x", message_type="private") | {"message": value}),
    ]

    assert {one.status_code for one in told} <= {200, 204, 422}


@pytest.mark.parametrize(
    "data",
    [
        {"data": "[" * 50_000},
        {"data": json.dumps({"a": [{"b": foreign_text}] * 500})},
        {"data": None},
        {"data": {"x": 1}},
        {},
    ],
    ids=["deep", "many", "nothing", "no text", "empty"],
)
@pytest.mark.parametrize("kind", ["json", "xml", "image", "text", "share", "unheard-of"])
def test_a_strange_segment_never_fails(hooked: Client, kind: str, data: dict[str, Any]) -> None:
    event = said("x", message_type="private") | {"message": [{"type": kind, "data": data}]}

    assert to_onebot(hooked, event).status_code in (200, 204, 422)


@pytest.mark.parametrize("name", ["nobody", "ONEBOT", "onebot%00", "..%2f..", "x" * 5_000])
def test_a_hook_that_is_not_there_is_not_found(hooked: Client, name: str) -> None:
    response = hooked.post(f"/v1/hooks/{name}", content=b"{}")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_a_huge_body_is_refused_before_it_is_read(hooked: Client) -> None:
    assert to_onebot(hooked, b"x" * 17_000_000).status_code == 413


def test_codes_in_a_text_that_never_end_are_read_fast(hooked: Client) -> None:
    event = said("x", message_type="private") | {"message": "[CQ:a," * 30_000}

    assert to_onebot(hooked, event).status_code in (204, 422)
