"""The worker process: it looks into pictures for its parent, within limits, and nothing else.

The parent sends one question a step over a socket and gets one answer. The first opens a
picture, the next ask about it. A step that needs more memory is refused, one that takes more
processor time ends the process; the parent sees that and starts another.
"""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Callable

import cv2
import msgspec
import numpy as np
from PIL import AvifImagePlugin, Image

from kouling import limits
from kouling.picture import barcode, reader
from kouling.picture.decode import Decoded, Refused, decode, formats
from kouling.picture.draw import draw
from kouling.picture.fingerprint import fingerprint
from kouling.picture.gap import Gap, GapKind, first_of
from kouling.picture.likeness import Seen, likeness
from kouling.picture.look import Cost, Likeness, Opened
from kouling.picture.message import Question, Reply, receive, send
from kouling.picture.reader import bf16
from kouling.picture.records import Barcode, Line
from kouling.picture.views import Pane

memory_max = 500_000_000
"""Bytes of address space for models and one picture, beyond what the libraries take.

OpenVINO, where it is used, takes more: `bf16.memory`.
"""

pixel_bytes_max = 12
"""Bytes that a decoder takes for one pixel at most: an animation's has three of four bytes each."""

cpu_seconds_max = 10
"""Processor time of one step."""

barcodes_max = 64
"""Barcodes told of one picture."""


def main(descriptor: int) -> None:
    """Serve the parent at the other end of a socket until it hangs up."""
    cv2.setNumThreads(1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    bf16.load_library()
    limits.limit_memory(memory_max + (bf16.memory if bf16.is_here() else 0))
    steps = Steps()
    with socket.socket(fileno=descriptor) as parent:
        while (data := receive(parent)) is not None:
            answer = _measured(steps, msgspec.msgpack.decode(data, type=Question))
            send(parent, msgspec.msgpack.encode(answer))


class Steps:
    """What can be asked, and the picture that it is about."""

    def __init__(self) -> None:
        self._picture: Decoded | None = None
        self.known: dict[str, Callable[[Decoded, Question], Reply]] = {
            "imprint": _imprint,
            "barcodes": _barcodes,
            "lines": _lines,
            "likeness": _likeness,
            "draw": _draw,
        }

    def do(self, question: Question) -> Reply:
        """Do one step; raise `Refused` where it can't be done."""
        if question.step == "open":
            self._picture = None  # frees its memory before the next one takes any
            self._picture = _decoded(question.picture)
            left_out = self._picture.left_out
            return Reply(opened=_opened(self._picture), left_out=left_out)
        if question.step == "close":
            self._picture = None
            return Reply(room_mb=limits.memory_left_mb())
        if self._picture is None:
            raise Refused(GapKind.nothing_open)
        return self.known[question.step](self._picture, question)


def _decoded(picture: bytes) -> Decoded:
    """Decode a picture; what fails for want of memory says so, whatever its decoder calls it."""
    try:
        return decode(picture)
    except Refused as refused:
        if refused.gap.kind is GapKind.undecodable and _may_lack_room(picture):
            raise Refused(GapKind.memory_short) from None
        raise


def _may_lack_room(picture: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(picture), formats=formats) as image:
            return (
                image.width * image.height * pixel_bytes_max > 1_000_000 * limits.memory_left_mb()
            )
    except Exception:  # as in `decode`: it does not even come to its size
        return False


def _measured(steps: Steps, question: Question) -> Reply:
    """Do a step within its time; what it raises is a refusal, what it took stands beside."""
    before = limits.cpu_seconds()
    limits.limit_cpu(cpu_seconds_max)
    try:
        answer = steps.do(question)
    except Refused as refused:
        answer = Reply(refused=refused.gap)
    except MemoryError:
        answer = Reply(refused=Gap(GapKind.memory_short))
    except Exception as error:
        # Whatever a library stumbles over in hostile pixels: the picture was not looked into.
        answer = Reply(refused=Gap(GapKind.step_failed, type(error).__name__))
    took = round(1_000 * (limits.cpu_seconds() - before), 1)
    cost = Cost(cpu_ms=took, memory_mb=limits.memory_peak_mb())
    return msgspec.structs.replace(answer, cost=cost)


def _opened(picture: Decoded) -> Opened:
    return Opened(form=picture.form, width=picture.width, height=picture.height)


def _imprint(picture: Decoded, _question: Question) -> Reply:
    return Reply(imprint=fingerprint(picture.overviews))


def _likeness(picture: Decoded, question: Question) -> Reply:
    """Compare the picture with known ones, until one of them is found to be the same."""
    seen = tuple(map(Seen, picture.overviews))
    told: list[Likeness] = []
    for one in question.known:
        is_known = any(before.is_whole for before in told)
        told.append(Likeness() if is_known else likeness(seen, one))
    return Reply(likeness=tuple(told))


def _draw(picture: Decoded, question: Question) -> Reply:
    return Reply(drawn=draw(picture, question.marks))


def _barcodes(picture: Decoded, _question: Question) -> Reply:
    """Find the barcodes of all sections, each once."""
    found: dict[tuple[str, str], Barcode] = {}
    for view in picture.sections:
        for one in barcode.find(view.pixels):
            placed = msgspec.structs.replace(
                one, box=one.box.moved(view.left, view.top, view.scale)
            )
            found.setdefault((placed.form, placed.text), placed)
    told, left_out = first_of([*found.values()], barcodes_max, GapKind.barcodes_left_out)
    return Reply(barcodes=told, left_out=left_out)


def _lines(picture: Decoded, question: Question) -> Reply:
    """Read the lines of all views, up to so many.

    Those of a picture that is read in a mirror have their places there.
    """
    found: list[Line] = []
    unread = 0
    for view in picture.views:
        pixels = np.ascontiguousarray(view.pixels[:, ::-1]) if question.mirrored else view.pixels
        text = reader.read(pixels, question.lines_max - len(found))
        unread += text.left_out
        found += (_placed(line, view) for line in text.lines)
    left_out = Gap(GapKind.lines_left_out) if unread else None
    return Reply(lines=tuple(found), left_out=left_out)


def _placed(line: Line, view: Pane) -> Line:
    return msgspec.structs.replace(line, box=line.box.moved(view.left, view.top, view.scale))


if __name__ == "__main__":
    main(int(sys.argv[1]))
