"""HTTP by hand: whole requests as bytes, and a connection that sends them and reads answers."""

import json
import re
import socket
import sys
from collections.abc import Sequence
from itertools import islice

requests_max = 4_000
"""Different requests of one kind; they come again and again."""


class Line:
    """A connection to a server, opened again where the server closes it after an answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._opened()

    def send(self, request: bytes) -> None:
        """Send one whole request."""
        self.socket.sendall(request)

    def read(self) -> bytes:
        """Read one whole answer and return its body; end the run if it is no good one."""
        data = self._more()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        length = re.search(rb"\r\ncontent-length: *([0-9]+)", head)
        if length is None or b" 200 " not in head[:13]:
            sys.exit(f"error: the server answered {data[:500]!r}")
        whole = end + 4 + int(length[1])
        while len(data) < whole:
            data += self._more()
        if b"\r\nconnection: close" in head:
            self.socket.close()
            self.socket = self._opened()
        return data[end + 4 : whole]

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def _opened(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def _more(self) -> bytes:
        data = self.socket.recv(262_144)
        if not data:
            sys.exit("error: the server closed a connection")
        return data


def inspect_requests(messages: Sequence[str], batch: int) -> list[bytes]:
    """Return whole requests to inspect the messages, so many in each."""
    items = [{"id": str(number), "text": text} for number, text in enumerate(messages)]
    groups = (items[start : start + batch] for start in range(0, len(items), batch))
    bodies = (json.dumps({"items": group}, ensure_ascii=False) for group in groups)
    head = "POST /v1/gate/inspect HTTP/1.1\r\nContent-Type: application/json"
    return [_request(head, body) for body in islice(bodies, requests_max)]


def check_requests(messages: Sequence[str]) -> list[bytes]:
    """Return whole requests to rspamd, one for each message."""
    head = "POST /checkv2 HTTP/1.1"
    mail = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return [_request(head, mail + text) for text in messages[:requests_max]]


def _request(head: str, body: str) -> bytes:
    data = body.encode()
    more = f"Host: 127.0.0.1\r\nConnection: keep-alive\r\nContent-Length: {len(data)}\r\n\r\n"
    return f"{head}\r\n{more}".encode() + data
