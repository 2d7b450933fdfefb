"""The database that a command reads or writes: how it is named and opened, and looked after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kouling.cli import screen
from kouling.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from kouling.engine import Engine

Database = Annotated[str, typer.Option(help="The database: a file, or postgresql://….")]


def opened_engine(database: str) -> Engine:
    """Open a database that is there: a mistyped name must not make a new one."""
    if "://" not in database and not Path(database).is_file():
        raise InvalidInput(f"{database}: there is no such file", hint="check the path")
    from kouling.engine import Engine  # here, since it loads all rooms

    return Engine.open(database)


app = typer.Typer()


@app.command("clock")
def show_clock(
    database: Database,
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


@app.callback()
def look_after() -> None:
    """Look after a database itself."""
