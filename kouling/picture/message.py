"""What parent and worker say to each other: one question, one answer, each with its length."""

from __future__ import annotations

import socket

import msgspec

from kouling.picture.gap import Gap
from kouling.picture.look import Cost, Imprint, Likeness, Opened
from kouling.picture.records import Barcode, Line

message_bytes_max = 64_000_000
"""Bytes of one message; a longer one is not read."""

length_bytes = 4


class Caption(msgspec.Struct, frozen=True):
    """A box to draw into a picture, and what to write beside it."""

    box: tuple[int, int, int, int]
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step to do: `open` needs the picture, the others are about the one that was opened.

    `close` forgets it.
    `lines` are read as in a mirror where that is asked.
    """

    step: str
    picture: bytes = b""
    known: tuple[Imprint, ...] = ()
    marks: tuple[Caption, ...] = ()
    lines_max: int = 0
    mirrored: bool = False


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of a step: why it was refused, or the one field that it is about.

    `room_mb` is what memory the worker has left without a picture.
    """

    refused: Gap | None = None
    opened: Opened | None = None
    imprint: Imprint | None = None
    barcodes: tuple[Barcode, ...] = ()
    lines: tuple[Line, ...] = ()
    likeness: tuple[Likeness, ...] = ()
    drawn: bytes = b""
    left_out: Gap | None = None
    room_mb: float = 0.0
    cost: Cost = Cost()


def send(end: socket.socket, data: bytes) -> None:
    """Send one message."""
    end.sendall(len(data).to_bytes(length_bytes, "big") + data)


def receive(end: socket.socket) -> bytes | None:
    """Return the next message, or None when the other end hung up or says too much."""
    head = _exactly(end, length_bytes)
    length = int.from_bytes(head or b"", "big")
    return _exactly(end, length) if head and length <= message_bytes_max else None


def _exactly(end: socket.socket, length: int) -> bytes | None:
    data = bytearray()
    while len(data) < length:
        more = end.recv(min(length - len(data), 1 << 20))
        if not more:
            return None
        data += more
    return bytes(data)
