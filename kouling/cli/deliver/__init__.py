"""`kouling deliver`: pages, the interest feed and its models."""

import typer

from kouling.cli.deliver import ask, feedback, model

app = typer.Typer()
app.add_typer(model.app)
app.add_typer(ask.app)
app.add_typer(feedback.app)
