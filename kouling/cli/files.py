"""Files of items: JSON lines, CSV or plain text become rows; a bad row is a row that says so.

Nothing that stands in a file ends the run: a row that can't be read carries the reason, its
neighbours are read as if it were not there.
"""

from __future__ import annotations

import contextlib
import csv
import enum
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from kouling.errors import InvalidInput

line_bytes_max = 4_000_000
"""Bytes in one line of a file; the rest of a longer one is skipped."""


class Format(enum.StrEnum):
    """How a file holds its rows; `auto` goes by the name's ending, then by the first byte."""

    auto = "auto"
    jsonl = "jsonl"
    csv = "csv"
    text = "text"


class Row(NamedTuple):
    """One row of a file: its line, and either its fields or what is wrong with it."""

    line: int
    fields: dict[str, Any]
    problem: InvalidInput | None = None


class BadRow(InvalidInput):
    """A row of a file can't be read; `where` names file and line."""


@contextlib.contextmanager
def opened(path: str, mode: str) -> Iterator[IO[bytes]]:
    """Open a file, or standard input or output for `-`; raise `InvalidInput` if it can't be."""
    if path == "-":
        yield sys.stdin.buffer if mode == "rb" else sys.stdout.buffer
        return
    try:
        file = Path(path).open(mode)  # noqa: SIM115 - closed below, after the caller's use
    except OSError as error:
        reason = error.strerror or "it can't be opened"
        raise InvalidInput(f"{path}: {reason}", hint="check the path") from None
    with file:
        yield file


def read_rows(file: IO[bytes], name: str, form: Format) -> Iterator[Row]:
    """Read the rows of a file, one by one; bad ones carry a problem with file and line."""
    lines = _lines(file)
    if form is Format.auto:
        form, lines = _recognize(lines, name)
    reader = {Format.jsonl: _jsonl_rows, Format.csv: _csv_rows, Format.text: _text_rows}[form]
    yield from reader(lines, name)


def _recognize(
    lines: Iterator[tuple[int, bytes]], name: str
) -> tuple[Format, Iterator[tuple[int, bytes]]]:
    endings = {".jsonl": Format.jsonl, ".ndjson": Format.jsonl, ".csv": Format.csv}
    by_name = endings.get(Path(name).suffix.lower(), Format.text)
    first = next(lines, None)
    if first is None:
        return by_name, lines
    if name == "-" and first[1].lstrip().startswith(b"{"):
        by_name = Format.jsonl
    return by_name, _chain(first, lines)


def _chain(
    first: tuple[int, bytes], rest: Iterator[tuple[int, bytes]]
) -> Iterator[tuple[int, bytes]]:
    yield first
    yield from rest


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines without their ends, numbered from 1; a longer line than allowed is cut."""
    number = 0
    while line := file.readline(line_bytes_max + 1):
        number += 1
        rest = line
        while len(rest) > line_bytes_max and not rest.endswith(b"\n"):
            rest = file.readline(line_bytes_max + 1)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        yield number, line.rstrip(b"\r\n")


def _bad(name: str, line: int, message: str, hint: str) -> Row:
    return Row(line, {}, BadRow(message, hint=hint, where=f"{name}:{line}"))


def _decoded(name: str, line: int, data: bytes) -> str | Row:
    if len(data) > line_bytes_max:
        return _bad(name, line, f"the line is longer than {line_bytes_max} bytes", "split it")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        hint = "convert the file with: iconv -t utf-8"
        return _bad(name, line, f"byte {error.start + 1} is not UTF-8", hint)


def _text_rows(lines: Iterator[tuple[int, bytes]], name: str) -> Iterator[Row]:
    for number, data in lines:
        text = _decoded(name, number, data)
        yield text if isinstance(text, Row) else Row(number, {"id": number, "text": text})


def _jsonl_rows(lines: Iterator[tuple[int, bytes]], name: str) -> Iterator[Row]:
    for number, data in lines:
        if not data.strip():
            continue
        text = _decoded(name, number, data)
        yield text if isinstance(text, Row) else _jsonl_row(text, number, name)


def _jsonl_row(text: str, number: int, name: str) -> Row:
    try:
        fields = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        return _bad(name, number, f"not JSON: {error}", 'write one object a line: {"text": "…"}')
    except RecursionError:
        return _bad(name, number, "JSON nested too deeply", "flatten it")
    if isinstance(fields, dict) and "pictures" in fields:
        fields = {"text": "", **fields}
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        return _bad(name, number, "no text in it", 'write {"text": "…"}, and "id" if you like')
    return Row(number, {"id": number, **fields})


def _csv_rows(lines: Iterator[tuple[int, bytes]], name: str) -> Iterator[Row]:
    csv.field_size_limit(line_bytes_max)
    reader = csv.reader(data.decode("utf-8", "surrogateescape") + "\n" for _, data in lines)
    header: list[str] | None = None
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _bad(name, start, f"not CSV: {error}", "quote the field")
            continue
        if header is None:
            header = [cell.strip() for cell in cells]
            if "text" not in header:
                hint = "name a column 'text' in the first line"
                raise BadRow("no column 'text'", hint=hint, where=f"{name}:1")
        elif cells:
            yield _csv_row(header, cells, start, name)


def _csv_row(header: list[str], cells: list[str], line: int, name: str) -> Row:
    if len(cells) != len(header):
        message = f"{len(cells)} fields where the first line names {len(header)}"
        return _bad(name, line, message, "quote fields that hold commas")
    fields = dict(zip(header, cells, strict=True))
    if any("\udc80" <= character <= "\udcff" for cell in cells for character in cell):
        return _bad(name, line, "not UTF-8", "convert the file with: iconv -t utf-8")
    return Row(line, {"id": line, **fields})
