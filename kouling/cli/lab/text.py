"""`kouling lab text`: how many share codes the gate still finds under each disguise."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table
from rich.text import Text

from kouling.cli import screen
from kouling.cli.files import opened
from kouling.cli.rows import BadRow, Format, Manner, Row, read_rows
from kouling.errors import InvalidInput, KoulingError
from kouling.gate import Detectors, check_text
from kouling.lab import (
    Disguise,
    Labelled,
    Material,
    Rival,
    Tally,
    all_disguises,
    find_disguise,
    pooled_tally,
    recall_svg,
    rival_from,
    sample_material,
    try_disguises,
)

patterns_max = 1_000
"""Regular expressions in one rival."""

render_seconds_max = 60
"""How long drawing a PNG may take."""

app = typer.Typer()


@app.command("text")
def try_text(
    messages: Annotated[
        str, typer.Option(help="JSON lines with text and codes; default made-up messages.")
    ] = "",
    negatives: Annotated[
        str, typer.Option(help="Messages without a share code: JSON lines, CSV or plain text.")
    ] = "",
    against: Annotated[
        str, typer.Option(help="JSON lines with pattern and flags: the rival, as a union.")
    ] = "",
    disguise: Annotated[
        list[str] | None,
        typer.Option(help="A disguise, or several joined by +; may be repeated; default all."),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same disguises.")] = 1,
    limit: Annotated[int | None, typer.Option(help="Messages; default all.", min=1)] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            help="Write the counts (.json, or -) or draw them (.svg, .png); may be repeated."
        ),
    ] = None,
) -> None:
    """Put disguises on share codes in messages and print what the gate finds, and where."""
    _check_outputs(output or ())
    worn = [find_disguise(name) for name in disguise] if disguise else list(all_disguises.values())
    material = _material(messages, negatives, seed, limit)
    rival = _rival(against) if against else None
    tallies = list(_shown([None, *worn], material, rival))
    total = pooled_tally(tallies[1:])
    if "-" not in (output or ()):
        made_up = "" if messages else "; made-up messages, give real ones with --messages"
        screen.show(_table(tallies, total), Text(f"seed {seed}{made_up}", style="dim"))
    for name in output or ():
        _write(name, _report(tallies, total, material) if _is_json(name) else _drawn(name, tallies))


def _material(messages: str, negatives: str, seed: int, limit: int | None) -> Material:
    """Read what is given; of what is not, take the made-up kind."""
    material = sample_material(seed)
    if messages:
        with opened(messages, "rb") as file:
            rows = read_rows(file, messages, Manner(form=Format.jsonl))
            material = material._replace(messages=tuple(_labelled(row, messages) for row in rows))
    if negatives:
        with opened(negatives, "rb") as file:
            rows = read_rows(file, negatives)
            material = material._replace(negatives=tuple(_text(row, negatives) for row in rows))
    if not material.messages:
        raise InvalidInput(f"{messages} holds no message", hint='write {"text": "…", "codes": […]}')
    return material if limit is None else material.drawn(limit)


def _labelled(row: Row, name: str) -> Labelled:
    text, codes = _text(row, name), row.fields.get("codes")
    hint = 'write {"text": "… ￥cZqJbk7JyoR￥ …", "codes": ["￥cZqJbk7JyoR￥"]}'
    where = f"{name}:{row.line}"
    if not isinstance(codes, list) or not codes:
        raise BadRow("no codes in it", hint=hint, where=where)
    for code in codes:
        if not isinstance(code, str) or not code or code not in text:
            raise BadRow(f"code {code!r:.60} does not stand in the text", hint=hint, where=where)
    return Labelled(text, tuple(codes))


def _text(row: Row, name: str) -> str:
    if row.problem is not None:
        raise row.problem
    text: str = row.fields["text"]
    try:
        check_text(text)
    except InvalidInput as error:
        raise BadRow(error.message, hint=error.hint, where=f"{name}:{row.line}") from None
    return text


def _rival(name: str) -> Rival:
    with opened(name, "rb") as file:
        rows = [
            _pattern(line, f"{name}:{number}")
            for number, line in enumerate(file, 1)
            if line.strip()
        ]
    if not 0 < len(rows) <= patterns_max:
        hint = f"give 1 to {patterns_max}, one a line"
        raise InvalidInput(f"{name} holds {len(rows)} expressions", hint=hint)
    rival = rival_from(rows)
    for note in rival.notes:
        screen.say(f"note: {note}")
    return rival


def _pattern(line: bytes, where: str) -> tuple[str, str, str]:
    hint = 'write {"pattern": "…", "flags": ""}'
    try:
        fields = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRow(f"not JSON: {error}", hint=hint, where=where) from None
    pattern = fields.get("pattern") if isinstance(fields, dict) else None
    if not isinstance(pattern, str):
        raise BadRow("no pattern in it", hint=hint, where=where)
    flags = fields.get("flags") or ""
    if not isinstance(flags, str):
        raise BadRow("flags is no text", hint=hint, where=where)
    return where, pattern, flags


def _shown(
    worn: Sequence[Disguise | None], material: Material, rival: Rival | None
) -> Iterator[Tally]:
    """Yield the tallies while a bar on standard error shows how far they have come."""
    inspect = Detectors.load().inspect
    with screen.progress("disguising", len(worn)) as bar:
        for number, tally in enumerate(try_disguises(worn, material, inspect, rival), 1):
            yield tally
            bar(advance=1, description=tally.disguise, count=f"{number}/{len(worn)}")


def _table(tallies: list[Tally], total: Tally) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("disguise", no_wrap=True)
    for name in ("messages", "recall", "exact", "false alarms"):
        table.add_column(name, justify="right")
    with_rival = total.rival_found is not None
    for name in ("rival recall", "rival false alarms") if with_rival else ():
        table.add_column(name, justify="right")
    for tally in tallies:
        table.add_row(*_cells(tally, with_rival))
    table.add_section()
    table.add_row(*_cells(total, with_rival), style="bold")
    return table


def _cells(tally: Tally, with_rival: bool) -> list[str]:
    cells = [
        tally.disguise,
        f"{tally.messages:,}",
        _decimal(tally.recall),
        _decimal(tally.exact_rate),
        f"{tally.false_alarms:,} of {tally.negatives:,}",
    ]
    if not with_rival:
        return cells
    return [*cells, _decimal(tally.rival_recall), f"{tally.rival_false_alarms:,}"]


def _decimal(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _report(tallies: list[Tally], total: Tally, material: Material) -> bytes:
    record = {
        "seed": material.seed,
        "messages": len(material.messages),
        "negatives": len(material.negatives),
        "tallies": [_record(tally) for tally in tallies],
        "pooled": _record(total),
    }
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


def _record(tally: Tally) -> dict[str, Any]:
    rates = {"recall": tally.recall, "exact_rate": tally.exact_rate}
    return tally._asdict() | rates | {"rival_recall": tally.rival_recall}


def _check_outputs(names: Sequence[str]) -> None:
    """Refuse what can't be written before any work is done for it."""
    for name in names:
        ending = Path(name).suffix.lower()
        if not _is_json(name) and ending not in (".svg", ".png"):
            hint = "end the name in .json for the counts, in .svg or .png for a picture"
            raise InvalidInput(f"{name} is neither counts nor a picture", hint=hint)
        if ending == ".png" and not shutil.which("rsvg-convert"):
            hint = "end the name in .svg, or install rsvg-convert"
            raise InvalidInput(f"{name}: nothing here can draw a PNG", hint=hint)


def _is_json(name: str) -> bool:
    return name == "-" or Path(name).suffix.lower() == ".json"


def _drawn(name: str, tallies: Sequence[Tally]) -> bytes:
    data = recall_svg([*tallies, pooled_tally(tallies[1:])]).encode()
    return data if Path(name).suffix.lower() == ".svg" else _png(name, data)


def _png(name: str, svg: bytes) -> bytes:
    command = ["rsvg-convert", "--format", "png", "--zoom", "2"]
    try:
        done = subprocess.run(
            command, input=svg, capture_output=True, check=True, timeout=render_seconds_max
        )
    except (OSError, subprocess.SubprocessError) as error:
        hint = "end the name in .svg"
        raise KoulingError(f"{name}: rsvg-convert failed: {error}", hint=hint) from None
    return done.stdout


def _write(name: str, data: bytes) -> None:
    with opened(name, "wb") as file:
        file.write(data)
