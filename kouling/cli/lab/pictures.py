"""`kouling lab pictures`: what the gate still reads of codes in disguised pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from kouling.cli import screen
from kouling.cli.files import opened
from kouling.errors import InvalidInput
from kouling.lab import (
    Aim,
    Outcome,
    PicturePlan,
    PictureTally,
    added_up,
    picture_count,
    picture_sheet,
    pooled_tallies,
    try_picture_plan,
)

Tallies = dict[tuple[str, Aim], PictureTally]


app = typer.Typer()

usual = PicturePlan()


@app.command("pictures")
def try_pictures(
    disguise: Annotated[
        list[str] | None,
        typer.Option(help="A disguise, or several joined by +; may be repeated; default all."),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same pictures.")] = usual.seed,
    limit: Annotated[
        int, typer.Option(help="Pictures of each kind under each disguise.", min=1)
    ] = usual.each,
    output: Annotated[
        list[str] | None,
        typer.Option(
            help="Write the counts (.json, or -) or a contact sheet (.png); may be repeated."
        ),
    ] = None,
) -> None:
    """Draw pictures with codes, put disguises on them, and print what the gate reads of them."""
    plan, outputs = PicturePlan(tuple(disguise or ()), limit, seed), output or ()
    _check(outputs)
    outcomes = list(_shown(plan))
    tallies = added_up(one.tally for one in outcomes)
    every = tallies + pooled_tallies(tallies)
    if "-" not in outputs:
        screen.show(_table(every), *_alarms(tallies), f"seed {plan.seed}")
    for name in outputs:
        png = Path(name).suffix.lower() == ".png"
        with opened(name, "wb") as file:
            file.write(picture_sheet(outcomes) if png else _report(plan, every))


def _check(outputs: Sequence[str]) -> None:
    for name in outputs:
        if name != "-" and Path(name).suffix.lower() not in (".json", ".png"):
            hint = "end the name in .json for the counts, in .png for the contact sheet"
            raise InvalidInput(f"{name} is neither of the two", hint=hint)


def _shown(plan: PicturePlan) -> Iterator[Outcome]:
    """Yield the outcomes while a bar on standard error shows how far they have come."""
    total = picture_count(plan)
    with screen.progress("drawing and reading", total) as bar:
        for number, outcome in enumerate(try_picture_plan(plan, time.process_time), 1):
            yield outcome
            bar(advance=1, description=outcome.tally.disguise, count=f"{number}/{total}")


def _table(tallies: Sequence[PictureTally]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("disguise", no_wrap=True)
    for name in ("codes", "exact", "alike", "flagged", "ms", "QR", "found", "false", "ms"):
        table.add_column(name, justify="right")
    found = {(tally.disguise, tally.aim): tally for tally in tallies}
    names = dict.fromkeys(tally.disguise for tally in tallies)
    for name in names:
        last = name == "pooled"
        if last:
            table.add_section()
        table.add_row(name, *_cells(name, found), style="bold" if last else None)
    return table


def _cells(name: str, found: Tallies) -> Iterator[str]:
    if code := found.get((name, Aim.code)):
        yield f"{code.pictures:,}"
        yield from map(_decimal, _rates(code, "exact", "alike", "flagged"))
        yield f"{code.cpu_ms:.1f}"
    else:
        yield from ("–",) * 5
    if square := found.get((name, Aim.payload)):
        yield f"{square.pictures:,}"
        yield from map(_decimal, _rates(square, "exact"))
        yield f"{square.false:,}"
        yield f"{square.cpu_ms:.1f}"
    else:
        yield from ("–",) * 4


def _rates(tally: PictureTally, *names: str) -> Iterator[float | None]:
    return (tally.rate(getattr(tally, name)) for name in names)


def _decimal(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _alarms(tallies: Sequence[PictureTally]) -> Iterator[str]:
    """Yield a line for each kind of picture that holds no code."""
    titles = {Aim.clean: "clean cards", Aim.photo: "photos without text"}
    for tally in tallies:
        if title := titles.get(tally.aim):
            yield (
                f"{tally.pictures:,} {title}: {tally.false:,} with a false share code,"
                f" {tally.unsure:,} unsure, for review, {tally.cpu_ms:.1f} ms"
            )


def _report(plan: PicturePlan, tallies: Sequence[PictureTally]) -> bytes:
    rows: list[dict[str, Any]] = [tally._asdict() for tally in tallies]
    record = {"seed": plan.seed, "each": plan.each, "tallies": rows}
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
