"""`kouling gate inspect`: what the gate sees in items, and what a policy would decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import typer

from kouling.cli import screen
from kouling.cli.files import BadRow, Format, Row, opened, read_rows
from kouling.cli.gate.pictures import (
    folder_of,
    is_pictures,
    picture_rows,
    pictures_in,
    pictures_of,
    shown_name,
)
from kouling.clock import now, read_time
from kouling.config import read_settings
from kouling.errors import InvalidInput, KoulingError
from kouling.gate import (
    Court,
    Decision,
    Gallery,
    Item,
    Policy,
    Surface,
    bundled_policy,
    detectors_for,
    judge_items,
    read_policy,
)
from kouling.ids import ItemId, UserId
from kouling.language import Language
from kouling.words import Answer, answer_of

rows_per_batch = 500
"""Rows that are inspected at once."""

pictures_per_batch = 16
"""Pictures of a folder that are inspected at once, since each is held in memory."""

names_shown_max = 8
"""Names of what is left out of a folder that are told; of the rest only how many."""

_unspecial = re.compile(r"[^\w.-]")

app = typer.Typer()


class Source(NamedTuple):
    """A file of rows, and by what they are judged; where pictures with what was seen are put."""

    name: str
    court: Court
    surface: Surface
    gallery: Gallery
    language: Language
    annotate: Path | None = None


class Count(NamedTuple):
    """How many rows were judged, and how many could not be read."""

    good: int = 0
    bad: int = 0
    limited: int = 0


@app.command("inspect")
def inspect_file(
    input: Annotated[
        str,
        typer.Option(
            help="JSON lines, CSV, plain text, a picture or a folder of them; - is standard input."
        ),
    ],
    output: Annotated[str, typer.Option(help="JSON lines; - is standard output.")] = "-",
    surface: Annotated[Surface, typer.Option(help="Where the items are posted.")] = (
        Surface.moments
    ),
    policy: Annotated[
        str, typer.Option(help="Policy file, or the name of a bundled one.")
    ] = "moments-2018",
    at: Annotated[str, typer.Option(help="Decide as of this time; default now.")] = "",
    form: Annotated[Format, typer.Option("--format", help="Format of the input.")] = Format.auto,
    annotate: Annotated[
        Path | None, typer.Option(help="Folder for copies of the pictures, with what was seen.")
    ] = None,
    language: Annotated[
        Language, typer.Option(help="Language of evidence and reasons.")
    ] = Language.en,
) -> None:
    """Write for every item what is in it and what the policy in force makes of it."""
    _check_apart(input, output)
    moment = read_time(at) if at else now()
    settings = read_settings()
    gallery = Gallery(settings.picture_workers)
    detectors = detectors_for(settings.page_host)
    court = Court(detectors, None, policy_named(policy), moment, gallery).as_of(moment)
    try:
        source = Source(input, court, surface, gallery, language, annotate)
        count = _write_all(source, output, form)
    finally:
        gallery.close()
    _report(count, court.policy, output)


def _write_all(source: Source, output: str, form: Format) -> Count:
    count = Count()
    if is_pictures(source.name):
        rows = picture_rows(_pictures_of(source))
        with opened(output, "wb") as target:
            judged = _judged(rows, source, pictures_per_batch)
            for lines, latest in _shown(judged, None, None):
                target.write(lines)
                count = latest
        return count
    with opened(source.name, "rb") as file, opened(output, "wb") as target:
        size = Path(source.name).stat().st_size if source.name != "-" else None
        rows = read_rows(file, source.name, form)
        for lines, latest in _shown(_judged(rows, source), file, size):
            target.write(lines)
            count = latest
    return count


def _pictures_of(source: Source) -> list[str]:
    """Return the names of an input's pictures; say what of a folder is left out."""
    path = Path(source.name)
    if not path.is_dir():
        return [path.name]
    found = pictures_in(path)
    if found.others:
        screen.say(f"left out, no pictures: {_some(found.others)}")
    if found.folders:
        screen.say(f"left out, folders: {_some(found.folders)}; name one to look into it")
    return found.pictures


def _some(names: list[str]) -> str:
    more = len(names) - names_shown_max
    shown = ", ".join(map(shown_name, names[:names_shown_max]))
    return f"{shown} and {more:,} more" if more > 0 else shown


def _check_apart(input: str, output: str) -> None:
    if output != "-" and Path(output).exists() and Path(input).resolve() == Path(output).resolve():
        raise InvalidInput(f"{output} is the input, too", hint="write to another file")


def policy_named(name: str) -> Policy:
    """Return the policy of a YAML file, or the bundled one of that name."""
    if name.endswith((".yaml", ".yml")):
        return read_policy(Path(name))
    return bundled_policy(name)


def _judged(
    rows: Iterable[Row], source: Source, per_batch: int = rows_per_batch
) -> Iterator[tuple[bytes, Count]]:
    """Batches of output lines, each with the running count."""
    rows, count = iter(rows), Count()
    while batch := list(islice(rows, per_batch)):
        lines, count = _judge_batch(batch, source, count)
        yield lines, count


def _judge_batch(batch: list[Row], source: Source, count: Count) -> tuple[bytes, Count]:
    items = [_item(row, source) for row in batch]
    lines = []
    for row, item, outcome in zip(batch, items, judge_items(items, source.court), strict=True):
        if isinstance(outcome, InvalidInput):
            error = _placed(outcome, row, source)
            screen.complain(error)
            lines.append(_problem_line(row, error))
            count = count._replace(bad=count.bad + 1)
            continue
        decision = outcome.decision
        lines.append(_line(answer_of(row.fields["id"], decision, source.language)))
        if isinstance(item, Item):
            _annotate(item, decision, source)
        hidden = decision.visibility != "allow"
        count = count._replace(good=count.good + 1, limited=count.limited + hidden)
    return b"".join(lines), count


def _item(row: Row, source: Source) -> Item | InvalidInput:
    if row.problem is not None:
        return row.problem
    try:
        surface = Surface.named(row.fields.get("surface") or source.surface)
        pictures = pictures_of(row.fields, folder_of(source.name))
    except InvalidInput as error:
        return error
    return Item(
        id=ItemId(str(row.fields["id"])),
        author=UserId(str(row.fields.get("author", ""))),
        surface=surface,
        text=row.fields["text"],
        pictures=pictures,
    )


def _placed(error: InvalidInput, row: Row, source: Source) -> InvalidInput:
    """Return what is wrong with a row, with its place."""
    if isinstance(error, BadRow):
        return error
    return BadRow(error.message, hint=error.hint, where=f"{source.name}:{row.line}")


def _annotate(item: Item, decision: Decision, source: Source) -> None:
    """Write a copy of each picture that could be looked into, with what was seen in it."""
    if source.annotate is None:
        return
    source.annotate.mkdir(parents=True, exist_ok=True)
    try:
        drawn = source.gallery.annotate(item.pictures, decision)
    except InvalidInput as error:
        screen.complain(error)
        return
    for place, picture in enumerate(drawn, 1):
        name = f"{_unspecial.sub('_', item.id)[:80]}-{place}.png"
        (source.annotate / name).write_bytes(picture)


def _problem_line(row: Row, error: KoulingError) -> bytes:
    return _line(
        {"id": row.fields.get("id", row.line), "line": row.line, "error": error.message}
        | {"hint": error.hint}
    )


def _line(record: Answer | dict[str, Any]) -> bytes:
    return msgspec.json.encode(record) + b"\n"


def _shown(
    batches: Iterator[tuple[bytes, Count]], source: Any, size: int | None
) -> Iterator[tuple[bytes, Count]]:
    """Pass the batches on while a bar on standard error shows how far they have come."""
    with screen.progress("inspecting", size) as bar:
        for lines, count in batches:
            yield lines, count
            place = source.tell() if size is not None else 0
            bar(completed=place, count=screen.plural(count.good + count.bad, "item"))


def _report(count: Count, policy: Policy, output: str) -> None:
    decided = screen.plural(count.good, "item")
    passing = screen.plural(count.good - count.limited, "passes", "pass")
    others = screen.plural(count.limited, "doesn't", "don't")
    screen.say(f"{decided} decided by {policy.version}: {passing}, {others}")
    if count.bad:
        unread = screen.plural(count.bad, "line")
        message = f"{unread} could not be read; {output} is partial and tells which"
        raise InvalidInput(message, hint="mend what is wrong there and run again")
