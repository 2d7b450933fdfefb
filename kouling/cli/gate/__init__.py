"""`kouling gate`: items are inspected, policies tried, and what waits is decided by a person."""

import typer

from kouling.cli.gate import inspect, policy, review

app = typer.Typer()
app.add_typer(inspect.app)
app.add_typer(review.app)
app.add_typer(policy.app, name="policy")
