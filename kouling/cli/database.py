"""The database that a command reads or writes: how it is named, and how it is opened."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kouling.config import read_settings
from kouling.errors import InvalidInput

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
    from kouling.engine import Engine

    target = named_database(database)
    if not target:
        hint = "give --database, or set KOULING_DATABASE"
        raise InvalidInput("no database is named", hint=hint)
    if "://" not in target and not Path(target).is_file():
        raise InvalidInput(f"{target}: there is no such file", hint="check the path")
    return Engine.open(target, packs=packs)
