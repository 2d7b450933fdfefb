"""What a file of items is read as: rows, each with its place, or with what is wrong with it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from kouling.errors import InvalidInput

line_bytes_max = 4_000_000
"""Bytes in one line of a file; the rest of a longer one is skipped."""

file_bytes_max = 500_000_000
"""Bytes of a file that has to be read whole: a JSON array, or what comes over standard input."""


class Format(enum.StrEnum):
    """How a file holds its rows; `auto` tells by its content, and by its name where both fit."""

    auto = "auto"
    jsonl = "jsonl"
    json = "json"
    csv = "csv"
    tsv = "tsv"
    xlsx = "xlsx"
    parquet = "parquet"
    text = "text"


known_formats = "JSON lines, a JSON array, CSV, TSV, XLSX, Parquet, plain text, pictures"
"""What can be read, for people."""


class BadRow(InvalidInput):
    """A row of a file can't be read; `where` names file and line."""


class Row(NamedTuple):
    """One row of a file: its line, and either its fields or what is wrong with it.

    `fields` hold `id` and `text`; `columns` is what stood in the file, under its names.
    """

    line: int
    fields: dict[str, Any]
    problem: InvalidInput | None = None
    columns: dict[str, Any] | None = None


def _nothing(_: str) -> None:
    pass


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read: its format, encoding and text column where they are given.

    `note` is told what was guessed.
    """

    form: Format = Format.auto
    encoding: str = ""
    text_column: str = ""
    note: Callable[[str], None] = _nothing


def bad(name: str, line: int, message: str, hint: str) -> Row:
    """Return a row that can't be read."""
    return Row(line, {}, BadRow(message, hint=hint, where=f"{name}:{line}"))
