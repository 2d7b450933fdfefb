"""The database that a command reads or writes: how it is named and opened, and looked after."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kouling.cli import screen
from kouling.config import read_settings
from kouling.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from kouling.engine import Engine

Database = Annotated[
    str,
    typer.Option(help="The database: a file, or postgresql://…; default KOULING_DATABASE."),
]


def named_database(database: str) -> str:
    """Return the database that is given, else the one of the settings; empty if there is none."""
    return database or read_settings().database


def opened_engine(database: str, packs: Iterable[str] = ()) -> Engine:
    """Open a database that is there: a mistyped name must not make a new one."""
    target = named_database(database)
    if not target:
        hint = "give --database, or set KOULING_DATABASE"
        raise InvalidInput("no database is named", hint=hint)
    if "://" not in target and not Path(target).is_file():
        raise InvalidInput(f"{target}: there is no such file", hint="check the path")
    from kouling.engine import Engine  # here, since it loads all rooms

    return Engine.open(target, packs=packs)


app = typer.Typer()


@app.command("clock")
def show_clock(
    database: Database = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Go on by this clock: you have looked at it.")
    ] = False,
) -> None:
    """Show the clock beside the log's newest time; exit with 1 if nothing can be written at it."""
    with opened_engine(database) as engine:
        state = engine.database.clock(accept=accept)
    screen.put(f"the clock shows {state.clock.isoformat()}")
    if state.log:
        screen.put(f"the log's newest event is of {state.log.isoformat()}")
    if state.server:
        screen.put(f"the database's server has {state.server.isoformat()}")
    if state.problem:
        hint = "set the clock that is wrong right, or go on by this one with --accept"
        raise Conflict("nothing can be written at this time", hint=hint)
    screen.put("at this time is written" if state.log else "nothing is written yet")


@app.command("check")
def check_database(database: Database) -> None:
    """Check the file, the log's seals, and that all tables say what the log says; 1 if not."""
    with opened_engine(database) as engine:
        faults = engine.database.check()
    for fault in faults:
        screen.put(f"{fault.place}: {fault.problem}")
    if faults:
        found = screen.plural(len(faults), "fault")
        hint = "go back to a backup that is whole; keep this database to find the cause"
        raise Conflict(f"{found} in {database}", hint=hint)
    screen.put("all is as it was written")


@app.callback()
def look_after() -> None:
    """Look after a database itself."""
