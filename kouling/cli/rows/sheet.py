"""Sheets of Excel and files of Parquet: their libraries come with the extra `tables`."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from kouling.cli.rows.row import BadRow, Manner, Row, bad
from kouling.cli.rows.table import fields_of, text_column, unique

unpacked_bytes_max = 2_000_000_000
"""Bytes of a sheet once it is unpacked."""

rows_per_read = 2_000
"""Rows of a Parquet file that are read at once."""


def sheet_rows(file: IO[bytes], name: str, manner: Manner) -> Iterator[Row]:
    """Yield the rows of the first sheet of an Excel file; the first of them names the columns."""
    _check_size(file, name)
    book = _opened_book(file, name)
    sheet = book.worksheets[0]
    if len(book.worksheets) > 1:
        others = ", ".join(one.title for one in book.worksheets[1:6])
        manner.note(f"{name}: only the first sheet is read, {sheet.title!r}; not {others}")
    header: list[str] = []
    texts = ""
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_cell(value) for value in values]
        if not any(cells):
            continue
        if not header:
            header = unique([cell.strip() for cell in cells])
            texts = text_column(header, name, manner)
        elif len(cells) > len(header) and any(cells[len(header) :]):
            message = f"{len(cells)} cells where the first row names {len(header)}"
            yield bad(name, number, message, "give every column a name")
        else:
            cells += [""] * (len(header) - len(cells))
            columns = dict(zip(header, cells, strict=False))
            yield Row(number, fields_of(columns, texts, number), None, columns)


def parquet_rows(file: IO[bytes], name: str, manner: Manner) -> Iterator[Row]:
    """Yield the rows of a Parquet file, numbered from 1."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise _lacking(name, "Parquet") from None
    try:
        opened = parquet.ParquetFile(file)
        texts = text_column(opened.schema_arrow.names, name, manner)
        number = 0
        for batch in opened.iter_batches(batch_size=rows_per_read):
            for cells in batch.to_pylist():
                number += 1
                yield _record(cells, texts, number, name)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        message = f"no whole Parquet file: {reason:.120}"
        raise BadRow(message, hint="fetch it anew", where=f"{name}:1") from None


def _record(cells: dict[str, Any], texts: str, number: int, name: str) -> Row:
    if cells[texts] is not None and not isinstance(cells[texts], str):
        kind = type(cells[texts]).__name__
        return bad(name, number, f"{texts} is of type {kind}, not a text", "choose another column")
    columns = {key: value if _is_plain(value) else str(value) for key, value in cells.items()}
    columns[texts] = cells[texts] or ""
    return Row(number, fields_of(columns, texts, number), None, columns)


def _opened_book(file: IO[bytes], name: str) -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise _lacking(name, "Excel") from None
    try:
        return load_workbook(file, read_only=True, data_only=True)
    except Exception as error:  # the library tells damage in a dozen ways of its own
        hint = "open it in Excel and save it once more, or save it as .csv"
        raise BadRow(f"no whole Excel file: {error!s:.120}", hint=hint, where=f"{name}:1") from None


def _check_size(file: IO[bytes], name: str) -> None:
    try:
        size = sum(part.file_size for part in zipfile.ZipFile(file).infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        hint = "open it in Excel and save it once more, or save it as .csv"
        raise BadRow("no whole Excel file", hint=hint, where=f"{name}:1") from None
    file.seek(0)
    if size > unpacked_bytes_max:
        message = f"more than {unpacked_bytes_max} bytes once it is unpacked"
        raise BadRow(message, hint="save it as .csv", where=f"{name}:1")


def _lacking(name: str, what: str) -> BadRow:
    hint = "install it with: pip install 'kouling[tables]', or save the file as .csv"
    message = f"the library that reads {what} is not installed"
    return BadRow(message, hint=hint, where=f"{name}:1")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
