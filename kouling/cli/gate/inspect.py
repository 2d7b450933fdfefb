"""`kouling gate inspect`: what the gate sees in items, and what a policy would decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import IO, Annotated, NamedTuple

import msgspec
import typer

from kouling.cli import screen
from kouling.cli.answers import Output, Wanted, answer_line, problem_line, row_line
from kouling.cli.files import opened
from kouling.cli.gate.annotated import Annotations
from kouling.cli.gate.asked import DecidedBy, opened_inspector, say_what_is_not_known
from kouling.cli.gate.pictures import (
    folder_of,
    is_pictures,
    picture_rows,
    pictures_in,
    pictures_of,
    shown_name,
)
from kouling.cli.options import spread
from kouling.cli.rows import BadRow, Format, Manner, Row, known_formats, read_rows
from kouling.clock import now, read_time
from kouling.errors import InvalidInput
from kouling.gate import Decision, Item, Surface
from kouling.ids import ItemId, UserId
from kouling.inspector import Inspector
from kouling.language import Language
from kouling.words import answer_of

rows_per_batch = 500
"""Rows that are inspected at once."""

pictures_per_batch = 16
"""Pictures of a folder that are inspected at once, since each is held in memory."""

names_shown_max = 8
"""Names of what is left out of a folder that are told; of the rest only how many."""

bad_rows_told_max = 20
"""Bad rows that are told on the screen; all of them stand in the output."""

not_as_asked = 2
"""The exit code where `--strict` asks for a policy that is not in force."""

interrupted = 130
"""The exit code after Ctrl-C."""

app = typer.Typer()


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """The options that say what is read, and how."""

    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE...", help=f"{known_formats}; a folder of those; - is stdin."),
    ] = None
    input: Annotated[str, typer.Option(help="One more file.")] = ""
    recursive: Annotated[
        bool, typer.Option("--recursive", help="Look into the folders of a folder of pictures.")
    ] = False
    form: Annotated[
        Format, typer.Option("--format", help="Format of the files; default by content.")
    ] = Format.auto
    encoding: Annotated[
        str, typer.Option(help="Encoding of the files, such as gb18030; default by content.")
    ] = ""
    text_column: Annotated[str, typer.Option(help="The column or field that holds the texts.")] = ""
    surface: Annotated[Surface, typer.Option(help="Where the items are posted.")] = Surface.moments
    at: Annotated[str, typer.Option(help="Decide as of this time; default now.")] = ""

    @property
    def names(self) -> list[str]:
        """The files in order; raise `InvalidInput` if none is given, or one of them twice."""
        names = [*(self.files or ()), *filter(None, [self.input])]
        if not names:
            raise InvalidInput("no file is named", hint="write: kouling gate inspect FILE")
        if names.count("-") > 1:
            raise InvalidInput("- is given twice", hint="standard input can be read once")
        return names


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The options that say where answers go."""

    output: Annotated[
        str, typer.Option(help="A file that ends in .jsonl, .csv, .xlsx or .html; - is stdout.")
    ] = "-"
    force: Annotated[bool, typer.Option("--force", help="Replace an output that is there.")] = False
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where the same command was interrupted.")
    ] = False
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 2 if the named policy is not in force.")
    ] = False
    annotate: Annotated[
        Path | None, typer.Option(help="Folder for copies of the pictures, with what was seen.")
    ] = None
    language: Annotated[Language, typer.Option(help="Language of evidence and reasons.")] = (
        Language.en
    )


class Source(NamedTuple):
    """A file of rows, and how its items are told from those of others."""

    name: str
    is_only: bool

    def id_of(self, row: Row) -> str | int:
        """Return the id of a row's item: its own, else its line; with several files named."""
        id: str | int = row.fields.get("id", row.line)
        return id if self.is_only or id != row.line else f"{self.name}:{row.line}"


class Run(NamedTuple):
    """A run over files: how they are read, by what is decided, where answers go."""

    given: Given
    answered: Answered
    inspector: Inspector
    at: datetime
    output: Output
    annotations: Annotations


@app.command("inspect")
@spread
def inspect_files(given: Given, by: DecidedBy, answered: Answered) -> None:
    """Write for every item what is in it and what the policy in force makes of it."""
    names, at = given.names, read_time(given.at) if given.at else now()
    with ExitStack() as opened_now:
        sources = _opened(names, opened_now)
        output = Output(_wanted(names, given, by, answered))
        opened_now.callback(output.close)
        inspector = opened_inspector(by)
        opened_now.callback(inspector.close)
        if _falls_short(inspector, at) and answered.strict:
            raise typer.Exit(not_as_asked)
        say_what_is_not_known(inspector)
        annotations = Annotations(answered.annotate, inspector)
        run = Run(given, answered, inspector, at, output, annotations)
        try:
            _answer_all(sources, run)
            output.finish()
        except KeyboardInterrupt:
            screen.say(f"stopped: {output.left()}")
            raise typer.Exit(interrupted) from None
        except BrokenPipeError:
            screen.drop_output()
            raise typer.Exit(1) from None
    _report(output, inspector.in_force(at).version, answered.output)


def _opened(names: Sequence[str], until: ExitStack) -> list[tuple[Source, IO[bytes] | None]]:
    """Open all files before anything is done; pictures are opened one by one."""
    only = len(names) == 1
    return [
        (
            Source(name, only),
            None if is_pictures(name) else until.enter_context(opened(name, "rb")),
        )
        for name in names
    ]


def _wanted(names: Sequence[str], given: Given, by: DecidedBy, answered: Answered) -> Wanted:
    options = (given.form, given.encoding, given.text_column, given.surface, given.at)
    more = (given.recursive, by.policy, by.database, answered.language)
    return Wanted(
        path=answered.output,
        force=answered.force,
        resume=answered.resume,
        inputs=(*names, *by.files),
        run=(*map(str, options), *map(str, more)),
    )


def _falls_short(inspector: Inspector, at: datetime) -> bool:
    """Say that what was asked for is not in force, and whether that is so."""
    shortcoming = inspector.shortcoming(at)
    if shortcoming:
        screen.say(shortcoming, style="yellow")
    return bool(shortcoming)


def _answer_all(sources: Sequence[tuple[Source, IO[bytes] | None]], run: Run) -> None:
    sizes = [_size(source.name) for source, file in sources if file is not None]
    total = sum(size for size in sizes if size) if None not in sizes else None
    before, begun = 0, perf_counter()
    with screen.progress("inspecting", total or None) as bar:
        skipped = run.output.done
        for source, file in sources:
            rows = _rows(source, file, run.given)
            left = islice(rows, skipped, None)
            per_batch = rows_per_batch if file is not None else pictures_per_batch
            for _ in _answered(left, source, run, per_batch):
                count = run.output.summary.count
                rate = (count - run.output.done) / max(0.001, perf_counter() - begun)
                place = before + (file.tell() if file is not None and file.seekable() else 0)
                bar(completed=place, count=f"{screen.plural(count, 'item')}, {rate:,.0f} a second")
            skipped = 0
            before += _size(source.name) or 0


def _rows(source: Source, file: IO[bytes] | None, given: Given) -> Iterator[Row]:
    if file is None:
        names = _pictures_of(source, given.recursive)
        return picture_rows(names, Path() if source.is_only else folder_of(source.name))
    manner = Manner(
        form=given.form,
        encoding=given.encoding,
        text_column=given.text_column,
        note=screen.say,
    )
    return read_rows(file, source.name, manner)


def _pictures_of(source: Source, recursive: bool) -> list[str]:
    """Return the names of an input's pictures; say what of a folder is left out."""
    path = Path(source.name)
    if not path.is_dir():
        return [path.name]
    found = pictures_in(path, recursive=recursive)
    if found.others:
        screen.say(f"left out, no pictures: {_some(found.others)}")
    if found.folders:
        hint = "links are not followed" if recursive else "--recursive looks into them"
        screen.say(f"left out, folders: {_some(found.folders)}; {hint}")
    return found.pictures


def _some(names: list[str]) -> str:
    more = len(names) - names_shown_max
    shown = ", ".join(map(shown_name, names[:names_shown_max]))
    return f"{shown} and {more:,} more" if more > 0 else shown


def _size(name: str) -> int | None:
    path = Path(name)
    return path.stat().st_size if name != "-" and path.is_file() else None


def _answered(rows: Iterable[Row], source: Source, run: Run, per_batch: int) -> Iterator[None]:
    """Answer the rows batch by batch; yield after each."""
    rows = iter(rows)
    while batch := list(islice(rows, per_batch)):
        items = [item_of(row, source, run.given.surface) for row in batch]
        outcomes = run.inspector(items, run.at)
        lines = [
            _line(row, item, outcome, (source, run))
            for row, item, outcome in zip(batch, items, outcomes, strict=True)
        ]
        run.output.write(b"".join(lines))
        yield


def item_of(row: Row, source: Source, surface: Surface) -> Item | InvalidInput:
    """Return the item that stands in a row, or what is wrong with it."""
    if row.problem is not None:
        return row.problem
    fields = row.fields
    try:
        named = fields.get("surface")
        return Item(
            id=ItemId(str(source.id_of(row))),
            author=UserId(str(fields.get("author", ""))),
            surface=Surface.named(named) if named else surface,
            text=fields["text"],
            pictures=pictures_of(fields, folder_of(source.name)) if "pictures" in fields else (),
            under=ItemId(str(fields["under"])) if fields.get("under") else None,
        )
    except InvalidInput as error:
        return error


def _line(
    row: Row, item: Item | InvalidInput, outcome: Decision | InvalidInput, of: tuple[Source, Run]
) -> bytes:
    source, run = of
    summary, journal = run.output.summary, run.output.is_journal
    id = source.id_of(row)
    if isinstance(outcome, InvalidInput):
        summary.add_bad()
        error = _placed(outcome, row, source)
        if summary.bad <= bad_rows_told_max:
            screen.complain(error)
        line = problem_line(id, row.line, error)
    else:
        summary.add_decision(id, outcome)
        if isinstance(item, Item) and item.pictures:
            run.annotations.draw(item, outcome)
        answer = answer_of(id, outcome, run.answered.language)
        line = answer_line(answer, None if journal else row.columns)
    return row_line(row.columns, row.fields.get("text", ""), line) if journal else line


def _placed(error: InvalidInput, row: Row, source: Source) -> InvalidInput:
    """Return what is wrong with a row, with its place."""
    if isinstance(error, BadRow):
        return error
    return BadRow(error.message, hint=error.hint, where=f"{source.name}:{row.line}")


def _report(output: Output, version: str, path: str) -> None:
    summary = output.summary
    for line in summary.lines(version):
        screen.say(line)
    more = summary.bad - bad_rows_told_max
    if more > 0:
        screen.say(f"and {more:,} more rows that could not be read")
    if summary.bad:
        unread = screen.plural(summary.bad, "line")
        message = f"{unread} could not be read; {path} is partial and tells which"
        raise InvalidInput(message, hint="mend what is wrong there and run again")
