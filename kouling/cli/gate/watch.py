"""`kouling gate watch`: each line that comes in is an item, and is answered before the next."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import IO, Annotated

import msgspec
import typer

from kouling.cli import screen
from kouling.cli.answers import answer_line, problem_line
from kouling.cli.gate.asked import DecidedBy, opened_inspector, say_what_is_not_known
from kouling.cli.gate.inspect import Source, interrupted, item_of
from kouling.cli.options import spread
from kouling.cli.rows import Format, Manner, Row, line_bytes_max
from kouling.cli.rows.lines import json_line_rows, text_rows
from kouling.clock import now
from kouling.errors import InvalidInput
from kouling.gate import Surface
from kouling.inspector import Inspector
from kouling.language import Language
from kouling.words import answer_of

app = typer.Typer()

_source = Source("-", is_only=True)
_manner = Manner(encoding="utf-8")


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """The options that say what comes in, and how it is answered."""

    surface: Annotated[Surface, typer.Option(help="Where the items are posted.")] = Surface.group
    form: Annotated[
        Format,
        typer.Option("--format", help="text or jsonl; default by the first line's first sign."),
    ] = Format.auto
    rules: Annotated[
        bool,
        typer.Option("--rules", help="Answer what would be said to the author, in place of JSON."),
    ] = False
    language: Annotated[Language, typer.Option(help="Language of evidence and reasons.")] = (
        Language.en
    )


@app.command("watch")
@spread
def watch_lines(watched: Watched, by: DecidedBy) -> None:
    """Answer each line of standard input at once, until it ends: for bots that have a pipe."""
    if watched.form not in (Format.auto, Format.text, Format.jsonl):
        hint = "give --format text or jsonl; files are for kouling gate inspect"
        raise InvalidInput(f"{watched.form} does not come line by line", hint=hint)
    with closing(opened_inspector(by)) as inspector:
        say_what_is_not_known(inspector)
        try:
            for row in _rows(_lines(sys.stdin.buffer), watched.form):
                sys.stdout.buffer.write(_answered(row, inspector, watched))
                sys.stdout.buffer.flush()
        except KeyboardInterrupt:
            raise typer.Exit(interrupted) from None
        except BrokenPipeError:
            screen.drop_output()
            raise typer.Exit(1) from None


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield lines as they come, numbered from 1; of a longer one than is read just a bit more."""
    number = 0
    while line := file.readline(line_bytes_max + 1):
        number, rest = number + 1, line
        while len(rest) > line_bytes_max and not rest.endswith(b"\n"):
            rest = file.readline(line_bytes_max + 1)
        yield number, line.rstrip(b"\r\n")


def _rows(lines: Iterable[tuple[int, bytes]], form: Format) -> Iterator[Row]:
    for number, line in lines:
        if form is Format.auto:
            form = Format.jsonl if line.lstrip().startswith(b"{") else Format.text
        if form is Format.jsonl:
            yield from json_line_rows([(number, line)], "-", _manner)
        else:
            yield from text_rows([(number, line)], "-", _manner)


def _answered(row: Row, inspector: Inspector, watched: Watched) -> bytes:
    """Return the line that answers one that came in."""
    [outcome] = inspector([item_of(row, _source, watched.surface)], now())
    if isinstance(outcome, InvalidInput):
        if watched.rules:
            return f"error\t{_one_line(outcome.message)}\n".encode()
        return problem_line(_source.id_of(row), row.line, outcome)
    answer = answer_of(_source.id_of(row), outcome, watched.language)
    if watched.rules:
        return f"{outcome.visibility}\t{_one_line(' '.join(answer.reasons))}\n".encode()
    return answer_line(answer, None)


def _one_line(text: str) -> str:
    return " ".join(text.split())
