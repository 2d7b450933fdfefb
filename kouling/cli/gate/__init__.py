"""`kouling gate`: items are inspected, and those that wait are decided by a person."""

import typer

from kouling.cli.gate import inspect, policy, review

app = typer.Typer()
for part in (inspect, review, policy):
    app.add_typer(part.app)
