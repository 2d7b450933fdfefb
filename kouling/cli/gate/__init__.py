"""`kouling gate`: items are inspected, and those that wait are decided by a person."""

import typer

from kouling.cli.gate import inspect, listed, policy, review, watch

app = typer.Typer()
app.add_typer(inspect.app)
app.add_typer(watch.app)
app.add_typer(review.app)
app.add_typer(listed.app)
app.add_typer(policy.app, name="policy")
