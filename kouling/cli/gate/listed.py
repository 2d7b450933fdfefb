"""`kouling gate issuers` and other lists: what there is in a database of the gate's."""

from __future__ import annotations

import typer

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.cli.deciding import Packs

app = typer.Typer()


@app.command("issuers")
def list_issuers(database: Database = "", pack: Packs = None) -> None:
    """List the issuers whose codes can be told: of the packs, of partners, and our own."""
    with opened_engine(database, pack or ()) as engine:
        for issuer in engine.gate.issuers():
            screen.put(issuer)
