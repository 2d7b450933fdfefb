"""Tables of text: comma, semicolon or tab between the cells, names of columns in the first line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kouling.cli.rows.row import BadRow, Manner, Row, bad, line_bytes_max

text_names = (
    *("text", "内容", "正文", "文本", "消息", "content", "message", "body"),
    *("消息内容", "帖子内容", "评论内容", "动态内容", "文案", "發文內容", "內容"),
)
"""What a column of texts is called, the likeliest first; another is named with --text-column."""

delimiters = ",;\t|"
"""What may stand between cells."""

columns_told_max = 40
"""Columns that an error lists."""


def dialect_of(sample: str) -> str:
    """Return what stands between the cells of a table: what its first lines have most evenly."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()] or [""]
    counts = {sign: [_outside_quotes(line, sign) for line in lines] for sign in delimiters}

    def evenness(sign: str) -> tuple[float, int]:
        first, found = counts[sign][0], counts[sign]
        return (first > 0) * sum(one == first for one in found) / len(found), first

    return max(delimiters, key=evenness)


def table_rows(
    lines: Iterable[tuple[int, bytes]], name: str, manner: Manner, delimiter: str
) -> Iterator[Row]:
    """Yield the rows of a table; raise `BadRow` if no column of it holds texts."""
    csv.field_size_limit(line_bytes_max)
    decoded = _Decoded(lines, manner.encoding)
    reader = csv.reader(decoded, delimiter=delimiter)
    header: list[str] | None = None
    texts = ""
    while True:
        start, decoded.is_damaged = decoded.number + 1, False
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield bad(name, start, f"not CSV: {error}", "quote the field")
            continue
        if header is None:
            if not any(cells):
                continue
            header = unique([cell.strip() for cell in cells])
            texts = text_column(header, name, manner)
        elif cells:
            yield _row(header, cells, start, (name, texts, decoded))


def text_column(header: Sequence[str], name: str, manner: Manner) -> str:
    """Return the column of texts: the one that is named, else the one that is called so.

    Raises `BadRow` with the list of columns where none or another is there.
    """
    told = ", ".join(header[:columns_told_max])
    if manner.text_column:
        if manner.text_column not in header:
            message = f"no column {manner.text_column!r:.60}"
            raise BadRow(message, hint=f"its columns are: {told}", where=f"{name}:1")
        return manner.text_column
    lowered = {column.lower(): column for column in header}
    for one in text_names:
        if one in lowered:
            if lowered[one] != "text":
                manner.note(f"{name}: the texts are taken from column {lowered[one]!r}")
            return lowered[one]
    if len(header) == 1:
        raise BadRow(
            f"its only column is {header[0]!r:.60}, and no column is called 'text'",
            hint="name it with --text-column, or read plain lines with --format text",
            where=f"{name}:1",
        )
    raise BadRow(
        "no column 'text', nor another that is known to hold texts",
        hint=f"name one with --text-column; its columns are: {told}",
        where=f"{name}:1",
    )


def unique(header: Sequence[str]) -> list[str]:
    """Return names of columns that are all different; those left empty are numbered."""
    found: list[str] = []
    for place, name in enumerate(header, 1):
        name = name or f"column {place}"
        found.append(name if name not in found else f"{name} ({place})")
    return found


def fields_of(cells: dict[str, Any], texts: str, line: int) -> dict[str, Any]:
    """Return the fields of an item from the cells of its row."""
    return {"id": line, **cells, "text": cells[texts]}


class _Decoded:
    """Lines as text for the reader of CSV; whether one since was no text of the encoding."""

    def __init__(self, lines: Iterable[tuple[int, bytes]], encoding: str) -> None:
        self._lines, self._encoding = iter(lines), encoding
        self.number, self.is_damaged = 0, False

    def __iter__(self) -> _Decoded:
        return self

    def __next__(self) -> str:
        self.number, data = next(self._lines)
        try:
            return data.decode(self._encoding) + "\n"
        except UnicodeDecodeError:
            self.is_damaged = True
            return data.decode(self._encoding, "replace") + "\n"


def _row(header: list[str], cells: list[str], line: int, where: tuple[str, str, _Decoded]) -> Row:
    name, texts, decoded = where
    if decoded.is_damaged:
        message = f"not {decoded._encoding.upper()}"
        return bad(name, line, message, "name the file's encoding with --encoding")
    if len(cells) != len(header):
        message = f"{len(cells)} fields where the first line names {len(header)}"
        return bad(name, line, message, "quote fields that hold the sign between them")
    columns = dict(zip(header, cells, strict=True))
    return Row(line, fields_of(columns, texts, line), None, columns)


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])
