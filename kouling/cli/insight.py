"""`kouling insight`: a day in numbers, and what creators may know of their likers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from msgspec.structs import asdict
from rich.table import Table
from rich.text import Text

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.clock import now, read_time
from kouling.ids import UserId
from kouling.words import cell_of

app = typer.Typer()

Day = Annotated[str, typer.Option(help="A day (UTC), as 2018-05-29; default today.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, an object for each row.")]
Creator = Annotated[str, typer.Argument(help="The creator's id.")]


@app.command()
def funnel(database: Database = "", day: Day = "", json: AsJson = False) -> None:
    """Count what happened on a day, from items posted to commission earned."""
    _show_day("funnel", database, day, json)


@app.command()
def loyalty(database: Database = "", day: Day = "", json: AsJson = False) -> None:
    """List the creators with the most likes up to the end of a day, and how steady they are."""
    _show_day("loyalty", database, day, json)


@app.command()
def pictures(database: Database = "", day: Day = "", json: AsJson = False) -> None:
    """Count the pictures of a day, what looking into them took, and which were not inspected."""
    _show_day("pictures", database, day, json)


@app.command()
def steadiness(creator: Creator, database: Database = "", json: AsJson = False) -> None:
    """Tell whether each item of a creator is liked about as much, or one is a hit."""
    with opened_engine(database) as engine:
        _show_record(asdict(engine.insight.steadiness(UserId(creator))), json)


@app.command()
def overlap(
    creator: Creator,
    other: Annotated[str, typer.Argument(help="The other creator's id.")],
    database: Database = "",
    json: AsJson = False,
) -> None:
    """Tell how far two creators have the same likers."""
    with opened_engine(database) as engine:
        _show_record(asdict(engine.insight.overlap(UserId(creator), UserId(other))), json)


def _show_day(name: str, database: str, day: str, json: bool) -> None:
    at = read_time(day) if day else now()
    with opened_engine(database) as engine:
        table = engine.insight(name, at.date())
    _show(table.columns, table.rows, json)


def _show_record(record: dict[str, Any], json: bool) -> None:
    _show(tuple(record), [tuple(record.values())], json)


def _show(columns: Sequence[str], rows: Sequence[Sequence[Any]], json: bool) -> None:
    if json:
        objects = [dict(zip(columns, map(cell_of, row), strict=True)) for row in rows]
        screen.json_lines([objects])
        return
    table = Table(*columns)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell_of(cell))) for cell in row))
    screen.show(table)
