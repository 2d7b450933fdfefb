"""The database that a command reads or writes: how it is named, and how it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kouling.engine import Engine
from kouling.errors import InvalidInput

Database = Annotated[str, typer.Option(help="The database: a file, or postgresql://….")]


def opened_engine(database: str) -> Engine:
    """Open a database that is there: a mistyped name must not make a new one."""
    if "://" not in database and not Path(database).is_file():
        raise InvalidInput(f"{database}: there is no such file", hint="check the path")
    return Engine.open(database)
