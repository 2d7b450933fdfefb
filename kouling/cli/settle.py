"""`kouling settle`: look after the ledger of a database."""

from __future__ import annotations

import typer
from rich.console import Console

from kouling.cli.database import Database, opened_engine

app = typer.Typer(help="Look after a database's ledger.", no_args_is_help=True)


ledger_app = typer.Typer(help="Look into the books.", no_args_is_help=True)
charge_app = typer.Typer(help="Look after what paid places cost.", no_args_is_help=True)
app.add_typer(ledger_app, name="ledger")
app.add_typer(charge_app, name="charge")


@app.callback()
def settle() -> None:
    """Look after a database's ledger."""


@ledger_app.command("verify")
def verify_ledger(database: Database) -> None:
    """Check the chain of entries, the balances, and that each charge is posted."""
    with opened_engine(database) as engine:
        count = engine.settle.ledger.verify()
    Console(soft_wrap=True).print(f"{count:,} entries, all in order", highlight=False)


@ledger_app.callback()
def ledger() -> None:
    """Look into the books."""


@charge_app.callback()
def charge() -> None:
    """Look after what paid places cost."""


@charge_app.command("post")
def post_charges(database: Database) -> None:
    """Post charges for paid places that an earlier version left out of the ledger."""
    with opened_engine(database) as engine:
        count = engine.settle.charges.post()
    Console(soft_wrap=True).print(f"{count:,} charges posted", highlight=False)
