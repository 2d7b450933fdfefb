"""The short way gives what the long way does, which a parameter of the content type asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from kouling.config import Settings
from kouling.gate import Gallery, bundled_policy
from kouling.inspector import AloneInspector
from kouling.server import app_for
from kouling.server.express import Express, express_bytes_max
from tests.samples import foreign_text
from tests.server.routes.test_gate import Client, item, path

long_way = "application/json; charset=utf-8"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    opened: TestClient[Litestar]
    with TestClient(app_for(bundled_policy("moments-2018"))) as opened:
        yield opened


def posted(client: Client, body: bytes, content_type: str) -> tuple[int, bytes, dict[str, str]]:
    response = client.post(path, content=body, headers={"Content-Type": content_type})
    headers = {name: response.headers[name] for name in ("content-type", "content-length")}
    return response.status_code, response.content, headers


@pytest.mark.parametrize(
    "request_",
    [
        {"items": [item("天气真好")]},
        {"items": [item(foreign_text, n) for n in range(50)]},
        {"items": [item(foreign_text, surface="feed"), item("\0", 3), item("好", "b")]},
        {"items": [item(foreign_text)], "at": "2018-05-28"},
        {"items": [item(foreign_text)], "at": "yesterday"},
        {"items": [item("x", more=1)]},
        {"items": [item("x" * express_bytes_max)]},
        {"items": []},
        {},
    ],
)
def test_both_ways_give_the_same_answer(client: Client, request_: dict[str, Any]) -> None:
    body = json.dumps(request_, ensure_ascii=False).encode()

    assert posted(client, body, "application/json") == posted(client, body, long_way)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr, zh;q=0.1", "zh"),
        ("en;q=0.2, zh-Hant-TW", "zh"),
        ("en-GB, zh", "en"),
        ("zh;q=0, *", "en"),
        ("zh;q=nan, zh;q=2, zh;q=, en;q=0.1", "en"),
        ("*", "en"),
        ("fr", "en"),
        ("", "en"),
        ("\xff" * 9_000, "en"),
    ],
)
def test_both_ways_answer_in_the_language_that_is_asked_for(
    client: Client, asked: str, language: str
) -> None:
    told = []
    for content_type in ("application/json", long_way):
        headers = {
            b"Content-Type": content_type.encode(),
            b"Accept-Language": asked.encode("latin-1"),
        }
        response = client.post(path, json={"items": [item(foreign_text)]}, headers=headers)
        assert response.status_code == 200
        told.append(response.json()["decisions"][0])

    assert told[0] == told[1]
    reasons = {
        "en": "Codes that open another platform's app",
        "zh": "此处不得发布用于打开其他平台应用的口令。",
    }
    assert told[0]["reasons"][0].startswith(reasons[language])
    evidence = " ".join(words for seen in told[0]["signals"] for words in seen["evidence"])
    assert ("应用名" if language == "zh" else "app name") in evidence


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"items": 3}'])
def test_both_ways_refuse_alike(client: Client, body: bytes) -> None:
    short = posted(client, body, "application/json")

    assert short == posted(client, body, long_way)
    assert short[0] >= 400
    assert short[2]["content-type"] == "application/problem+json"


def test_a_body_in_pieces_is_read_whole(client: Client) -> None:
    body = json.dumps({"items": [item(foreign_text)]}).encode()

    def pieces() -> Iterator[bytes]:
        yield body[:20]
        yield body[20:]

    response = client.post(path, content=pieces(), headers={"Content-Type": "application/json"})

    assert response.status_code == 200
    assert response.content == posted(client, body, "application/json")[1]


def test_a_plain_request_does_not_reach_the_routes() -> None:
    policy = bundled_policy("moments-2018")
    app = app_for(policy)

    async def nowhere(*_: object) -> None:
        raise AssertionError

    assert isinstance(app.asgi_handler, Express)
    inspector = AloneInspector(policy, Settings(), (), Gallery(0))
    app.asgi_handler = Express(nowhere, inspector)
    with TestClient(app) as client:
        response = client.post(path, json={"items": [item(foreign_text)]})

    assert response.json()["decisions"][0]["visibility"] == "limit"
