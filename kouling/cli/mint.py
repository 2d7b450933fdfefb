"""`kouling mint`: the share codes of a database."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.ids import UserId

app = typer.Typer()


@app.callback()
def mint() -> None:
    """Look at the share codes of a database."""


@app.command("codes")
def list_codes(
    database: Database = "",
    sharer: Annotated[str, typer.Option(help="Of this sharer alone.")] = "",
    after: Annotated[str, typer.Option(help="Begin behind this code.")] = "",
    size: Annotated[int, typer.Option("-n", "--size", min=1, help="Rows at most.")] = 50,
    json: Annotated[bool, typer.Option("--json", help="Write JSON lines.")] = False,
) -> None:
    """List share codes, the newest first."""
    with opened_engine(database) as engine:
        found = engine.mint.codes(UserId(sharer) if sharer else None, after or None, size)
    if json:
        screen.json_lines(found)
        return
    table = Table("code", "offer", "sharer", "campaign", "expires")
    for code in found:
        expires = f"{code.expires_at:%Y-%m-%d %H:%M}"
        cells = (code.code, code.offer, code.sharer, code.campaign, expires)
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    screen.show(table)
