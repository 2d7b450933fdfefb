"""Files of items: whatever people keep texts in becomes rows; a bad row is a row that says so.

Nothing that stands in a file ends the run: a row that can't be read carries the reason, its
neighbours are read as if it were not there. Format and encoding are told from the content.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import IO, Any

from msgspec.structs import replace

from kouling.cli.rows.encoding import (
    checked_encoding,
    encoding_of,
    line_encoding,
    lines_of,
    sample_bytes,
)
from kouling.cli.rows.lines import array_rows, json_line_rows, text_rows
from kouling.cli.rows.recognize import binary_format, check_text, format_of, packed
from kouling.cli.rows.row import (
    BadRow,
    Format,
    Manner,
    Row,
    file_bytes_max,
    known_formats,
    line_bytes_max,
)
from kouling.cli.rows.sheet import parquet_rows, sheet_rows
from kouling.cli.rows.table import dialect_of, table_rows

__all__ = [
    "BadRow",
    "Format",
    "Manner",
    "Row",
    "known_formats",
    "line_bytes_max",
    "read_rows",
]

_sheets = {Format.xlsx: sheet_rows, Format.parquet: parquet_rows}
_by_line = {Format.jsonl: json_line_rows, Format.text: text_rows}


def read_rows(file: IO[bytes], name: str, manner: Manner | None = None) -> Iterator[Row]:
    """Read the rows of a file, one by one; bad ones carry a problem with file and line.

    Raises `BadRow` for a file that is none of the known formats, or none at all.
    """
    manner = manner or Manner()
    sample, file = _begun(file)
    if sample.startswith(packed):
        file = _seekable(file, name)
    form = manner.form
    if form is Format.auto:
        form = binary_format(file, sample, name) or Format.auto
    if form in _sheets:
        yield from _sheets[form](_seekable(file, name), name, manner)
        return
    encoding = checked_encoding(manner.encoding) if manner.encoding else encoding_of(sample, name)
    if form is Format.auto:
        check_text(sample, encoding, name)
        form = format_of(sample, encoding, name)
    if not manner.encoding and encoding not in ("utf-8", "utf-8-sig"):
        manner.note(f"{name} is read as {encoding.upper()}")
    yield from _text_rows(file, name, replace(manner, form=form, encoding=encoding), sample)


def _text_rows(file: IO[bytes], name: str, manner: Manner, sample: bytes) -> Iterator[Row]:
    if manner.form is Format.json:
        yield from array_rows(file, name, manner)
        return
    lines = lines_of(file, name, manner.encoding)
    read_as = replace(manner, encoding=line_encoding(manner.encoding))
    if manner.form in _by_line:
        yield from _by_line[manner.form](lines, name, read_as)
        return
    text = sample.decode(manner.encoding, "replace").lstrip("\ufeff")
    delimiter = "\t" if manner.form is Format.tsv else dialect_of(text)
    yield from table_rows(lines, name, read_as, delimiter)


def _begun(file: IO[bytes]) -> tuple[bytes, IO[bytes]]:
    """Return what a file begins with, and the file from its beginning on.

    Of a stream no more is waited for than there is, so that lines are answered as they come.
    """
    if file.seekable():
        sample = file.read(sample_bytes)
        file.seek(0)
        return sample, file
    stream = _Again(file)
    return stream.begin(sample_bytes), io.BufferedReader(stream)


def _seekable(file: IO[bytes], name: str) -> IO[bytes]:
    """Return a stream as a file that can be read from anywhere; a file as it is."""
    if file.seekable():
        return file
    data = file.read(file_bytes_max + 1)
    if len(data) > file_bytes_max:
        message = f"more than {file_bytes_max} bytes come over a pipe"
        raise BadRow(message, hint="save them to a file and name it", where=f"{name}:1")
    return io.BytesIO(data)


class _Again(io.RawIOBase):
    """A stream that gives once more what it was begun with."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._again = stream, b""

    def begin(self, size: int) -> bytes:
        self._again = self._some(size)
        return self._again

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._again[: len(buffer)] or self._some(len(buffer))
        self._again = self._again[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def _some(self, size: int) -> bytes:
        read: Callable[[int], bytes] = getattr(self._stream, "read1", self._stream.read)
        return read(size)
