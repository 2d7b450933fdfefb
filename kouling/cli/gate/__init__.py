"""`kouling gate`: items are inspected, and those that wait are decided by a person."""

import typer

from kouling.cli.gate import inspect, review

app = typer.Typer(help="Decide on items before anyone sees them.", no_args_is_help=True)
app.add_typer(inspect.app)
app.add_typer(review.app)


@app.callback()
def gate() -> None:
    """Decide on items before anyone sees them."""
