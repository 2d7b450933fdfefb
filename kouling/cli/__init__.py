"""The command line: one command a room, reading and writing files, exiting non-zero on failure."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kouling.cli import insight as insight_commands
from kouling.cli import serve as serve_command
from kouling.cli import settle as settle_commands
from kouling.cli.deliver import model as deliver_commands
from kouling.cli.gate import inspect as gate_commands
from kouling.demo import play
from kouling.errors import KoulingError

app = typer.Typer(
    help="Kouling: mint, gate, deliver, redeem, settle share codes, and see what they bring.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(gate_commands.app, name="gate")
app.add_typer(deliver_commands.app, name="deliver")
app.add_typer(settle_commands.app, name="settle")
app.add_typer(insight_commands.app, name="insight")
app.add_typer(serve_command.app)


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
    console = Console(width=None if sys.stdout.isatty() else 110)
    with tempfile.TemporaryDirectory(prefix="kouling-") as folder:
        play(console, database or str(Path(folder, "demo.db")), drawing)


def main() -> None:
    """Run the command line; a `KoulingError` is printed and exits with 1."""
    try:
        app()
    except KoulingError as error:
        Console(stderr=True, soft_wrap=True).print(f"error: {error}", markup=False, style="red")
        sys.exit(1)
