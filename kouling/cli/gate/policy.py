"""`kouling gate policy` and `gate issuers`: what a database decides by, and whom it can tell."""

from __future__ import annotations

from typing import Annotated

import typer

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.cli.deciding import Packs
from kouling.clock import read_time

app = typer.Typer()
policy_app = typer.Typer(help="Look at the policies of a database.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")


@app.command("issuers")
def list_issuers(database: Database = "", pack: Packs = None) -> None:
    """List the issuers whose codes can be told: of the packs, of partners, and our own."""
    with opened_engine(database, pack or ()) as engine:
        for issuer in engine.gate.issuers():
            screen.put(issuer)


@policy_app.callback()
def policy() -> None:
    """Look at the policies of a database."""


@policy_app.command("in-force")
def show_policy_in_force(
    database: Database = "",
    at: Annotated[str, typer.Option(help="At this time; default now.")] = "",
) -> None:
    """Write out the policy that is in force."""
    with opened_engine(database) as engine:
        found = engine.gate.policies.in_force(read_time(at) if at else None)
    screen.say(found.version)
    screen.put(found.source)
