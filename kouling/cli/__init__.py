"""The command line: one command a room, reading and writing files, exiting non-zero on failure."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from kouling.cli import screen, serve
from kouling.errors import KoulingError


def _people() -> typer.Typer:
    from kouling.cli import people

    return people.app


def _mint() -> typer.Typer:
    from kouling.cli import mint

    return mint.app


def _gate() -> typer.Typer:
    from kouling.cli import gate

    return gate.app


def _deliver() -> typer.Typer:
    from kouling.cli import deliver

    return deliver.app


def _settle() -> typer.Typer:
    from kouling.cli import settle

    return settle.app


def _insight() -> typer.Typer:
    from kouling.cli import insight

    return insight.app


def _database() -> typer.Typer:
    from kouling.cli import database

    return database.app


def _lab() -> typer.Typer:
    from kouling.cli import lab

    return lab.app


rooms: dict[str, tuple[str, Callable[[], typer.Typer]]] = {
    "people": ("Say who knows whom, who follows whom, who is in which group.", _people),
    "mint": ("Look at the share codes of a database.", _mint),
    "gate": ("Decide on items before anyone sees them.", _gate),
    "deliver": ("Decide who is shown what, from likes alone.", _deliver),
    "settle": ("Look after a database's ledger.", _settle),
    "insight": ("See a database in numbers; nothing is changed.", _insight),
    "database": ("Look after a database itself.", _database),
    "lab": ("Put disguises on share codes and see what the gate still finds.", _lab),
}
"""What each room's commands are for, and how they are loaded."""


class RoomCommands(TyperGroup):
    """A room's commands, loaded when they are first asked for.

    So the help is there, and one room's command runs, without the others: all of them together
    take five times as long to load as the help.
    """

    def __init__(self, name: str) -> None:
        purpose, self._load = rooms[name]
        super().__init__(name=name, help=purpose, no_args_is_help=True)
        del self.__dict__["commands"]  # set by the class above; found below from now on

    @cached_property
    def commands(self) -> dict[str, Any]:  # type: ignore[override]  # Typer's own says no more
        """The commands by name."""
        return dict(get_group(self._load()).commands)


class Commands(TyperGroup):
    """All commands: the rooms', and those that belong to none."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {**{name: RoomCommands(name) for name in rooms}, **self.commands}


app = typer.Typer(
    cls=Commands,
    help="Kouling: mint, gate, deliver, redeem, settle share codes, and see what they bring.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(serve.app)


@app.callback()
def kouling() -> None:
    """Mint, gate, deliver, redeem and settle share codes, and see what they bring."""


@app.command()
def demo(
    database: Annotated[
        str, typer.Option(help="A new file, or postgresql://…; default a temporary file.")
    ] = "",
    drawing: Annotated[
        Path, typer.Option(help="Where the card goes, with what the gate saw drawn in.")
    ] = Path("moments-29-may.png"),
) -> None:
    """Play "moments, 29 May": one dress, shared four ways, before and after a policy's day."""
    from kouling.demo import play  # here, since it loads all rooms

    with tempfile.TemporaryDirectory(prefix="kouling-") as folder:
        play(screen.screen(), database or str(Path(folder, "demo.db")), drawing)


def main() -> None:
    """Run the command line; a `KoulingError` is printed and exits with 1."""
    screen.write_what_fits()
    try:
        app()
    except KoulingError as error:
        screen.complain(error)
        sys.exit(1)
