"""The command line: one command a room, reading and writing files, exiting non-zero on failure."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from kouling.cli import screen, serve
from kouling.errors import KoulingError


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


def _lab() -> typer.Typer:
    from kouling.cli import lab

    return lab.app


rooms: dict[str, tuple[str, Callable[[], typer.Typer]]] = {
    "gate": ("Decide on items before anyone sees them.", _gate),
    "deliver": ("Decide who is shown what, from likes alone.", _deliver),
    "settle": ("Look after a database's ledger.", _settle),
    "insight": ("See a database in numbers; nothing is changed.", _insight),
    "lab": ("Put disguises on share codes and see what the gate still finds.", _lab),
}
"""What each room's commands are for, and how they are loaded."""


class Rooms(TyperGroup):
    """The rooms' commands, each loaded when it is run, so that help and its neighbours are quick.

    All rooms together take some five times as long as what the help needs.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        listed = {name: TyperGroup(name=name, help=purpose) for name, (purpose, _) in rooms.items()}
        self.commands = {**listed, **self.commands}

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Find a command as ever, and put the room's own in the place of its name."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in rooms:
            _, load = rooms[name]
            return name, get_group(load()), rest
        return name, command, rest


app = typer.Typer(
    cls=Rooms,
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
    try:
        app()
    except KoulingError as error:
        screen.complain(error)
        sys.exit(1)
