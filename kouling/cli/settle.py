"""`kouling settle`: look after the ledger of a database."""

from __future__ import annotations

import typer

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine

app = typer.Typer()
ledger_app = typer.Typer(help="Look into the books.", no_args_is_help=True)
charge_app = typer.Typer(help="Look after what paid places cost.", no_args_is_help=True)
app.add_typer(ledger_app, name="ledger")
app.add_typer(charge_app, name="charge")


@ledger_app.command("verify")
def verify_ledger(database: Database = "") -> None:
    """Check the chain of entries, the balances, and that each charge is posted."""
    with opened_engine(database) as engine:
        count = engine.settle.ledger.verify()
    screen.put(f"{screen.plural(count, 'entry', 'entries')}, all in order")


@ledger_app.callback()
def ledger() -> None:
    """Look into the books."""


@charge_app.callback()
def charge() -> None:
    """Look after what paid places cost."""


@charge_app.command("post")
def post_charges(database: Database = "") -> None:
    """Post charges for paid places that an earlier version left out of the ledger."""
    with opened_engine(database) as engine:
        count = engine.settle.charges.post()
    screen.put(f"{screen.plural(count, 'charge')} posted")
