"""What a command prints: answers on standard output, words about the work on standard error.

Answers are tables as wide as the terminal, lines that are never broken, or JSON. Nothing that
users write is taken for markup.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import functools
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from kouling.errors import KoulingError

piped_width = 110
"""Columns of a table that no terminal shows."""


_likenesses = {"¥": "￥", "→": "->", "…": "...", "–": "-", "—": "-", "✓": "+", "×": "x"}
"""What stands for a character that a terminal's encoding lacks, such as GBK, which has no ¥."""


def write_what_fits() -> None:
    """Let no character end a command that the encoding of a terminal or a pipe lacks."""
    codecs.register_error("kouling.likeness", _likeness)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="kouling.likeness")


def _likeness(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    shown = "".join(_likenesses.get(one, "?") for one in missing)
    fits = shown.encode(error.encoding, "replace").decode(error.encoding)
    return fits, error.end


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: 1 item, 2,000 items; `many` where an s does not do."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def screen() -> Console:
    """Return where answers for people are printed."""
    return Console(width=None if sys.stdout.isatty() else piped_width)


def show(*answers: RenderableType) -> None:
    """Print tables and lines as an answer."""
    console = screen()
    for answer in answers:
        console.print(answer, markup=False, highlight=False)


def put(line: str) -> None:
    """Print a line as an answer, however long it is."""
    Console(soft_wrap=True).print(line, markup=False, highlight=False)


def json_lines(records: Iterable[Any]) -> None:
    """Print each record as a line of JSON."""
    plain = (sys.stdout.encoding or "ascii").lower().replace("-", "") != "utf8"
    for record in records:
        line = msgspec.json.encode(record).decode()
        # Escaped, a line is the same to whoever reads it, whatever the encoding.
        sys.stdout.write((json.dumps(json.loads(line)) if plain else line) + "\n")


def csv_lines(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print a head and rows as CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def drop_output() -> None:
    """Let what is not written yet go nowhere, since nobody reads standard output any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(line: str, style: str | None = None) -> None:
    """Print a line about the work, on standard error."""
    console = Console(stderr=True, soft_wrap=True)
    console.print(line, style=style, markup=False, highlight=False)


def complain(error: KoulingError) -> None:
    """Say what went wrong and what helps."""
    say(f"error: {error}", style="red")


@contextlib.contextmanager
def progress(work: str, total: float | None) -> Iterator[Callable[..., None]]:
    """Show a bar while work goes on, where standard error is a terminal.

    What it yields is called with how far the work has come: `advance=1` or `completed=…`, with
    `count`, a text beside the bar, and `description`, if the work is called otherwise by now.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    shown = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with shown:
        task = shown.add_task(work, total=total, count="")
        yield functools.partial(shown.update, task)
