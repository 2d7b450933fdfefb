"""`kouling gate lab --pictures`: what the gate still reads of codes in disguised pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kouling.cli.files import opened
from kouling.errors import InvalidInput
from kouling.lab import (
    Aim,
    Outcome,
    PicturePlan,
    PictureScore,
    picture_count,
    picture_sheet,
    pooled_scores,
    tally,
    try_picture_plan,
)

Scores = dict[tuple[str, Aim], PictureScore]


def try_pictures(plan: PicturePlan, outputs: Sequence[str], console: Console) -> None:
    """Carry out a plan, print a table, and write counts (.json) and a contact sheet (.png)."""
    _check(outputs)
    outcomes = list(_shown(plan))
    scores = tally(one.score for one in outcomes)
    every = scores + pooled_scores(scores)
    if "-" not in outputs:
        console.print(_table(every))
        console.print(*_alarms(scores), f"seed {plan.seed}", sep="\n", highlight=False)
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
    console = Console(stderr=True)
    shape = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    total = picture_count(plan)
    with Progress(
        *shape,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("drawing and reading", total=total)
        for outcome in try_picture_plan(plan, time.process_time):
            yield outcome
            bar.update(task, advance=1, description=outcome.score.disguise)


def _table(scores: Sequence[PictureScore]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("disguise", no_wrap=True)
    for name in ("codes", "exact", "alike", "flagged", "ms", "QR", "found", "false", "ms"):
        table.add_column(name, justify="right")
    found = {(score.disguise, score.aim): score for score in scores}
    names = dict.fromkeys(score.disguise for score in scores)
    for name in names:
        last = name == "pooled"
        if last:
            table.add_section()
        table.add_row(name, *_cells(name, found), style="bold" if last else None)
    return table


def _cells(name: str, found: Scores) -> Iterator[str]:
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


def _rates(score: PictureScore, *names: str) -> Iterator[float | None]:
    return (score.rate(getattr(score, name)) for name in names)


def _decimal(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _alarms(scores: Sequence[PictureScore]) -> Iterator[str]:
    """Yield a line for each kind of picture that holds no code."""
    titles = {Aim.clean: "clean cards", Aim.photo: "photos without text"}
    for score in scores:
        if title := titles.get(score.aim):
            yield (
                f"{score.pictures:,} {title}: {score.false:,} with a false share code,"
                f" {score.unsure:,} unsure, for review, {score.cpu_ms:.1f} ms"
            )


def _report(plan: PicturePlan, scores: Sequence[PictureScore]) -> bytes:
    rows: list[dict[str, Any]] = [score._asdict() for score in scores]
    record = {"seed": plan.seed, "each": plan.each, "scores": rows}
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
