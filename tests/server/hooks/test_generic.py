"""Any side that sends JSON: what a mapping finds, and what it answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.samples import foreign_text
from tests.server.hooks.conftest import client_of, digest, secret, to_web

Client = TestClient[Litestar]


def sent(*lines: str, **fields: Any) -> dict[str, Any]:
    message = {"id": 9, "by": "a", "title": "t", "lines": [{"text": one} for one in lines]}
    return {"event": "created", "room": "r", "message": {**message, "html": "", **fields}}


@pytest.mark.parametrize(
    "event",
    [sent("好", foreign_text), sent(html='<a href="https://m.tb.cn/h.3Kx7Qd2">看</a>')],
    ids=["in a list", "in HTML"],
)
def test_an_answer_is_filled_in_by_the_mapping(hooked: Client, event: dict[str, Any]) -> None:
    answer = to_web(hooked, event).json()

    assert (answer["ok"], answer["delete"]) == (False, 9)
    assert answer["say"].startswith("drop: This group does not allow")


def test_what_is_filled_in_is_not_read_again(tmp_path: Path) -> None:
    text = f"""
web:
  adapter: generic
  secret: {secret}
  mapping:
    {{id: id, author: by, group: by, text: text, answer: {{drop: {{say: 'x {{event.by}}'}}}}}}
"""
    event = {"id": 1, "by": "{reason}{event.secret}", "text": foreign_text, "secret": "s"}
    with client_of(tmp_path, text) as client:
        assert to_web(client, event).json() == {"say": "x {reason}{event.secret}"}


def test_without_an_answer_of_its_own_the_outcome_is_told(tmp_path: Path) -> None:
    text = f"""
web: {{adapter: generic, secret: {secret}, mapping: {{id: id, author: by, group: by, text: text}}}}
"""
    with client_of(tmp_path, text) as client:
        answer = to_web(client, {"id": 1, "by": "a", "text": foreign_text}).json()

    assert (answer["visibility"], answer["rules"]) == ("drop", ["foreign-share-code"])


def test_an_event_of_another_kind_is_passed_over(hooked: Client) -> None:
    assert to_web(hooked, sent(foreign_text) | {"event": "deleted"}).json() == {}
    assert to_web(hooked, {}).json() == {}


@pytest.mark.parametrize("missing", ["id", "by"])
def test_an_event_without_what_the_mapping_names_says_so(hooked: Client, missing: str) -> None:
    response = to_web(hooked, sent("好", **{missing: None}))

    assert response.status_code == 422
    assert f"message.{missing}" in response.json()["detail"]


@pytest.mark.parametrize(
    ("signature", "body", "headers"),
    [
        ("{header: X-Sig, prefix: 'v1='}", b"{}", {"X-Sig": f"v1={digest(b'{}', 'sha256')}"}),
        ("{header: X-Sig, algorithm: sha1}", b"{}", {"X-Sig": digest(b"{}")}),
        ("{field: token}", json.dumps({"token": secret}).encode(), {}),
    ],
)
def test_a_signature_stands_where_the_mapping_says(
    tmp_path: Path, signature: str, body: bytes, headers: dict[str, str]
) -> None:
    mapping = f"{{signature: {signature}, when: {{a: b}}, id: i, author: a, group: g, text: t}}"
    text = f"web: {{adapter: generic, secret: {secret}, mapping: {mapping}}}"
    with client_of(tmp_path, text) as client:
        signed = client.post("/v1/hooks/web", content=body, headers=headers)
        bare = client.post("/v1/hooks/web", content=b'{"token": "x"}')

    assert (signed.status_code, bare.status_code) == (200, 401)
