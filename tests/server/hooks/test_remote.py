"""What a hook asks of its host: only that host, no redirects, a deadline, a limit."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from threading import Thread

import pytest

from kouling.errors import InvalidInput
from kouling.server.hooks import remote
from kouling.server.hooks.records import Outgoing
from kouling.server.hooks.remote import asks, path_at
from kouling.server.problems import Unreachable
from tests.server.hooks.conftest import OtherSide

get = Outgoing(method="GET", path="/a")


@pytest.fixture
def slow_host() -> Iterator[str]:
    """A host that sends a byte now and then, and never ends."""
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        line, _ = listener.accept()
        with line:
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            try:
                while True:
                    line.sendall(b"x")
                    time.sleep(0.02)
            except OSError:
                pass

    Thread(target=drip, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def test_a_file_is_fetched(other_side: OtherSide) -> None:
    other_side.gives("/a", b"abc")

    assert asks(other_side.host)(get) == b"abc"


@pytest.mark.parametrize("status", [301, 302, 307, 401, 404, 500])
def test_nothing_but_success_is_taken(other_side: OtherSide, status: int) -> None:
    other_side.gives("/a", b"abc", status=status, Location=f"{other_side.host}/b")

    with pytest.raises(Unreachable, match=str(status)):
        asks(other_side.host)(get)
    assert [one.path for one in other_side.asked] == ["/a"]


def test_what_is_too_large_is_not_taken(
    other_side: OtherSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "picture_bytes_max", 100)
    other_side.gives("/a", b"x" * 101)

    with pytest.raises(Unreachable, match="100 bytes"):
        asks(other_side.host)(get)


def test_what_is_cut_short_is_not_taken(other_side: OtherSide) -> None:
    other_side.gives("/a", b"abc", 200, **{"Content-Length": "10", "Connection": "close"})

    with pytest.raises(Unreachable):
        asks(other_side.host)(get)


def test_a_host_that_drips_is_given_up(slow_host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "seconds_max", 0.3)
    began = time.monotonic()

    with pytest.raises(Unreachable, match="no answer within"):
        asks(slow_host)(get)
    assert time.monotonic() - began < 3


def test_a_host_that_is_not_there_is_told() -> None:
    with pytest.raises(Unreachable):
        asks("http://127.0.0.1:9")(get)
    with pytest.raises(InvalidInput, match="no host"):
        asks("")(get)


@pytest.mark.parametrize(
    ("address", "path"),
    [("https://a.example/x?y=1", "/x?y=1"), ("/up/load.png", "/up/load.png")],
)
def test_an_address_at_the_host_is_a_path(address: str, path: str) -> None:
    assert path_at("https://a.example", address) == path


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example/x",
        "https://a.example:444/x",
        "https://a.example.evil.example/x",
        "https://evil.example/x",
        "//evil.example/x",
        "https://a.example@evil.example/x",
        "http://127.0.0.1/x",
        "http://[::1]/x",
        "file:///etc/passwd",
        "gopher://a.example/x",
        "\\\\a.example\\x",
        "",
        "x",
    ],
)
def test_an_address_that_leads_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        path_at("https://a.example", address)


def test_a_line_break_in_an_address_asks_for_nothing_else(other_side: OtherSide) -> None:
    other_side.gives("/a", b"abc")

    with pytest.raises((InvalidInput, ValueError)):
        asks(other_side.host)(Outgoing(method="GET", path="/a HTTP/1.1\r\nX: y\r\n\r\n"))
    assert other_side.asked == []
