"""The answers in the order of the rows, a line of JSON each, written while work goes on.

For JSON lines that is the output itself. Tables and reports are made of it once it is whole, with
what else stood in the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kouling.errors import KoulingError
from kouling.words import Answer

not_kept = frozenset({"id", "text", "surface", "pictures"})
"""Fields of a row that an answer in JSON does not repeat: it has them, or needs them not."""


class ToldSignal(msgspec.Struct, frozen=True):
    """What an answer tells of one thing that was seen."""

    kind: str
    issuer: str | None = None
    party: str | None = None
    text: str = ""
    start: int = 0
    end: int = 0
    picture: int = 0
    evidence: tuple[str, ...] = ()


class ToldAnswer(msgspec.Struct, frozen=True):
    """An answer as it stands in the output; `error` tells why there is none."""

    id: str | int
    visibility: str = ""
    signals: tuple[ToldSignal, ...] = ()
    rules: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    error: str = ""


class AnsweredRow(msgspec.Struct, frozen=True):
    """A line of a journal that becomes a table or a report: the row's columns and its answer."""

    columns: dict[str, Any]
    text: str
    answer: ToldAnswer


def answer_line(answer: Answer, columns: dict[str, Any] | None) -> bytes:
    """Return the line of JSON of an answer, followed by what else stood in its row."""
    line = msgspec.json.encode(answer)
    others = {
        (f"given_{name}" if name in Answer.__struct_fields__ else name): value
        for name, value in (columns or {}).items()
        if name not in not_kept
    }
    if not others:
        return line + b"\n"
    return line[:-1] + b"," + msgspec.json.encode(others)[1:] + b"\n"


def problem_line(id: str | int, line: int, error: KoulingError) -> bytes:
    """Return the line of JSON of a row that could not be judged."""
    told = {"id": id, "line": line, "error": error.message, "hint": error.hint}
    return msgspec.json.encode(told) + b"\n"


def row_line(columns: dict[str, Any] | None, text: str, answer: bytes) -> bytes:
    """Return the line of a journal for an answer that is encoded already."""
    head = msgspec.json.encode({"columns": columns or {}, "text": text})
    return head[:-1] + b',"answer":' + answer.rstrip(b"\n") + b"}\n"


def answered_rows(path: Path) -> Iterator[AnsweredRow]:
    """Yield the lines of a journal."""
    decoder = msgspec.json.Decoder(AnsweredRow)
    with path.open("rb") as file:
        for line in file:
            yield decoder.decode(line)
