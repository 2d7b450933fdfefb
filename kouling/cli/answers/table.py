"""Answers as a table: every column of the rows as it was, and behind them what was decided."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kouling.cli import screen
from kouling.cli.answers.journal import AnsweredRow, answered_rows
from kouling.cli.answers.summary import Summary
from kouling.errors import InvalidInput

decided_columns = ("visibility", "rules", "issuers", "found", "reasons", "error")
"""What is added behind the columns of the rows."""

cell_length_max = 32_767
"""Characters in a cell of Excel's."""

sheet_rows_max = 1_048_575
"""Rows in a sheet of Excel's below its first."""


def write_csv(journal: Path, path: Path, summary: Summary) -> None:
    """Write answers as CSV in UTF-8 with a mark, which Excel needs to tell it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(_table(journal))


def check_excel() -> None:
    """Raise `InvalidInput` if what writes Excel is not installed."""
    try:
        import openpyxl  # noqa: F401 - to know before the work is done
    except ImportError:
        hint = "install it with: pip install 'kouling[tables]', or write .csv"
        raise InvalidInput("the library that writes Excel is not installed", hint=hint) from None


def write_xlsx(journal: Path, path: Path, summary: Summary) -> None:
    """Write answers as a sheet of Excel; what looks like a formula stays the text it is."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if summary.count > sheet_rows_max:
        message = f"{summary.count:,} rows don't fit a sheet"
        raise InvalidInput(message, hint=f"it holds {sheet_rows_max:,}; write .csv")
    book = Workbook(write_only=True)
    sheet, changed = book.create_sheet("decisions"), 0
    for cells in _table(journal):
        row = []
        for cell in cells:
            text = "" if cell is None else str(cell)
            plain = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:cell_length_max]
            changed += plain != text
            row.append(WriteOnlyCell(sheet, value=plain))
            row[-1].data_type = "s"
        sheet.append(row)
    book.save(path)
    if changed:
        told = screen.plural(changed, "cell holds", "cells hold")
        screen.say(f"{told} less than was given: Excel takes {cell_length_max:,} characters")


def _table(journal: Path) -> Iterator[list[Any]]:
    found = (name for row in answered_rows(journal) for name in row.columns)
    header = list(dict.fromkeys(found)) or ["text"]
    taken = set(header)
    yield header + [f"kouling_{one}" if one in taken else one for one in decided_columns]
    for row in answered_rows(journal):
        columns = row.columns or {"text": row.text}
        yield [_cell(columns.get(name, "")) for name in header] + _decided(row)


def _decided(row: AnsweredRow) -> list[Any]:
    answer = row.answer
    issuers = dict.fromkeys(one.issuer for one in answer.signals if one.issuer)
    found = [one.text or one.kind for one in answer.signals]
    return [
        answer.visibility,
        ", ".join(answer.rules),
        ", ".join(issuers),
        " | ".join(found),
        " ".join(answer.reasons),
        answer.error,
    ]


def _cell(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
