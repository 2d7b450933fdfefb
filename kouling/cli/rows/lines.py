"""Plain text, an item a line; JSON, an object a line or an array of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from kouling.cli.rows.row import BadRow, Manner, Row, bad, file_bytes_max, line_bytes_max

_shape = 'write one object a line: {"text": "…"}'


def text_rows(lines: Iterable[tuple[int, bytes]], name: str, manner: Manner) -> Iterator[Row]:
    """Yield each line of a text as an item."""
    for number, data in lines:
        text = _decoded(name, number, data, manner.encoding)
        yield text if isinstance(text, Row) else Row(number, {"id": number, "text": text})


def json_line_rows(lines: Iterable[tuple[int, bytes]], name: str, manner: Manner) -> Iterator[Row]:
    """Yield each line of JSON as an item; empty ones are none."""
    for number, data in lines:
        if not data.strip():
            continue
        text = _decoded(name, number, data, manner.encoding)
        yield text if isinstance(text, Row) else _json_row(text, number, name, manner)


def array_rows(file: IO[bytes], name: str, manner: Manner) -> Iterator[Row]:
    """Yield the elements of a JSON array, numbered from 1, or the one object that there is."""
    data = file.read(file_bytes_max + 1)
    if len(data) > file_bytes_max:
        message = f"a JSON array of more than {file_bytes_max} bytes"
        raise BadRow(message, hint="write one object a line", where=f"{name}:1")
    try:
        found = msgspec.json.decode(data.decode(manner.encoding).lstrip("\ufeff"))
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not {manner.encoding.upper()}"
        hint = "name its encoding with --encoding"
        raise BadRow(message, hint=hint, where=f"{name}:1") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRow(f"not JSON: {error}", hint=_shape, where=f"{name}:1") from None
    for place, element in enumerate(found if isinstance(found, list) else [found], 1):
        fields = {"text": element} if isinstance(element, str) else element
        yield object_row(fields, place, name, manner)


def object_row(fields: Any, number: int, name: str, manner: Manner) -> Row:
    """Return the row of an object that has a text, or pictures."""
    column = manner.text_column or "text"
    if isinstance(fields, dict) and "pictures" in fields:
        fields = {column: "", **fields}
    text = fields.get(column) if isinstance(fields, dict) else None
    if not isinstance(text, str):
        hint = f'write {{"{column}": "…"}}, and "id" if you like'
        known = (
            [key for key, value in fields.items() if isinstance(value, str)]
            if (isinstance(fields, dict))
            else []
        )
        if known:
            hint += f"; or name one of these with --text-column: {', '.join(known[:20])}"
        return bad(name, number, f"no {column} in it", hint)
    return Row(number, {"id": number, **fields, "text": text}, None, fields)


def _json_row(text: str, number: int, name: str, manner: Manner) -> Row:
    try:
        fields = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        return bad(name, number, f"not JSON: {error}", _shape)
    except RecursionError:
        return bad(name, number, "JSON nested too deeply", "flatten it")
    return object_row(fields, number, name, manner)


def _decoded(name: str, line: int, data: bytes, encoding: str) -> str | Row:
    if len(data) > line_bytes_max:
        return bad(name, line, f"the line is longer than {line_bytes_max} bytes", "split it")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        hint = "convert the file with: iconv -t utf-8, or name its encoding with --encoding"
        return bad(name, line, f"byte {error.start + 1} is not {encoding.upper()}", hint)
