"""A server with hooks, and what is sent to it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from kouling.gate import bundled_policy
from kouling.server import app_for, read_hooks

secret = "a-secret-of-both-sides"

hooks_yaml = f"""
onebot: {{secret: {secret}, mute_seconds: 600}}
strict-onebot: {{adapter: onebot, secret: {secret}, language: en, surface: moments}}
synapse: {{secret: {secret}}}
telegram: {{secret: {secret}, language: zh}}
web:
  adapter: generic
  secret: {secret}
  mapping:
    when: {{event: [created, changed]}}
    id: message.id
    author: message.by
    group: room
    text: [message.title, message.lines.*.text]
    html: message.html
    answer:
      allow: {{ok: true}}
      drop: {{ok: false, delete: '{{event.message.id}}', say: '{{visibility}}: {{reason}}'}}
"""


class Sent(NamedTuple):
    """A request that came to the other side's API."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class OtherSide:
    """The other side's API on loopback: what it was asked, and what it answers at each path."""

    def __init__(self) -> None:
        self.asked: list[Sent] = []
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        other = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                other.asked.append(Sent(self.command, self.path, headers, body))
                status, given, data = other.answers.get(self.path, (404, {}, b""))
                self.send_response(status)
                length_and_type = {
                    "Content-Length": str(len(data)),
                    "Content-Type": "application/json; charset=utf-8",
                }
                for name, value in (length_and_type | given).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_DELETE = do_PUT = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def gives(self, path: str, data: bytes, status: int = 200, **headers: str) -> None:
        self.answers[path] = (status, headers, data)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def other_side() -> Iterator[OtherSide]:
    side = OtherSide()
    yield side
    side.close()


@pytest.fixture(scope="session")
def hooked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    """A server without database that has a hook of each kind that posts."""
    path = tmp_path_factory.mktemp("hooks") / "hooks.yaml"
    path.write_text(hooks_yaml, "utf-8")
    opened: TestClient[Litestar]
    with TestClient(app_for(bundled_policy("open"), hooks=read_hooks(path))) as opened:
        yield opened


def client_of(folder: Path, text: str, **options: Any) -> TestClient[Litestar]:
    path = folder / "hooks.yaml"
    path.write_text(text, "utf-8")
    policy = None if "engine" in options else bundled_policy("open")
    return TestClient(app_for(policy, hooks=read_hooks(path), **options))


def digest(body: bytes, algorithm: str = "sha1") -> str:
    return hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest()


def to_onebot(client: TestClient[Litestar], event: Any, name: str = "onebot") -> httpx.Response:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    headers = {"X-Signature": f"sha1={digest(body)}", "X-Self-ID": "10000"}
    return client.post(f"/v1/hooks/{name}", content=body, headers=headers)


def to_telegram(client: TestClient[Litestar], event: Any) -> httpx.Response:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    return client.post("/v1/hooks/telegram", json=event, headers=headers)


def to_synapse(client: TestClient[Litestar], callback: str, asked: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"}
    return client.post(f"/v1/hooks/synapse/{callback}", json=asked, headers=headers)


def to_discourse(client: TestClient[Litestar], event: str, told: Any) -> httpx.Response:
    body = json.dumps(told).encode()
    signature = f"sha256={digest(body, 'sha256')}"
    headers = {"X-Discourse-Event": event, "X-Discourse-Event-Signature": signature}
    return client.post("/v1/hooks/discourse", content=body, headers=headers)


def to_web(client: TestClient[Litestar], event: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"}
    return client.post("/v1/hooks/web", json=event, headers=headers)
