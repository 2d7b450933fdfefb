"""The one host that a hook may ask: no redirects, a deadline, and a limit on what is answered.

What comes from outside never says which host is asked: an address that leads elsewhere is refused.
"""

from __future__ import annotations

import contextlib
import socket
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from urllib.parse import urlencode

from kouling.address import read_address
from kouling.errors import InvalidInput
from kouling.gate import picture_bytes_max
from kouling.server.hooks.records import Ask, Hook, Outgoing
from kouling.server.problems import Unreachable

seconds_max = 5.0
"""Seconds until the host has answered whole, once it is reached, and until it is reached."""

_no_host = "set the hook's host to the address of its API, such as https://forum.example"


def asks(host: str) -> Ask:
    """Return what asks a host, given by its address."""

    def ask(request: Outgoing) -> bytes:
        late = Event()
        try:
            connection = _connected(host)
            with contextlib.closing(connection):
                timer = Timer(seconds_max, _hang_up, [connection.sock, late])
                timer.daemon = True
                timer.start()
                try:
                    data = _answered(connection, request)
                finally:
                    timer.cancel()
        except (OSError, HTTPException, ValueError) as error:
            why = f"no answer within {seconds_max:.0f} s" if late.is_set() else _told(error)
            raise Unreachable(f"{host}: {why}", hint="see whether it is there") from None
        if late.is_set():
            message = f"{host}: no answer within {seconds_max:.0f} s"
            raise Unreachable(message, hint="see whether it is there")
        return data

    return ask


def path_at(host: str, reference: str) -> str:
    """Return the path of an address at the host; raise `InvalidInput` if it leads elsewhere."""
    if reference.startswith("/") and not reference.startswith("//"):
        reference = host.rstrip("/") + reference
    ours, theirs = read_address(host), read_address(reference)
    if ours is None or theirs is None or ours[:3] != theirs[:3]:
        raise InvalidInput(f"{reference!r:.80} is not at {host or 'any host'}", hint=_no_host)
    return f"{theirs.path}?{theirs.query}" if theirs.query else theirs.path


def _connected(host: str) -> HTTPConnection:
    address = read_address(host)
    if address is None:
        raise InvalidInput("the hook has no host to ask", hint=_no_host)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    port = int(address.port) if address.port else None
    connection = kind(address.host.strip("[]"), port, timeout=seconds_max)
    connection.connect()
    return connection


def _answered(connection: HTTPConnection, request: Outgoing) -> bytes:
    headers = {"User-Agent": "kouling", "Connection": "close", **request.headers}
    body = None
    if request.form:
        body = urlencode(request.form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(request.method, request.path, body, headers)
    answer = connection.getresponse()
    if answer.status // 100 != 2:
        raise HTTPException(f"it answers {answer.status}")
    data = answer.read(picture_bytes_max + 1)
    if len(data) > picture_bytes_max:
        raise HTTPException(f"more than {picture_bytes_max} bytes")
    if answer.length:
        raise HTTPException("the answer was cut short")
    return data


def _hang_up(line: socket.socket, late: Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__


def picture_at(hook: Hook, reference: str, ask: Ask) -> bytes:
    """Fetch a picture whose address is at the hook's host."""
    return ask(Outgoing(method="GET", path=path_at(hook.host, reference)))
