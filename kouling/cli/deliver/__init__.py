"""`kouling deliver`: pages, the interest feed and its models."""

import typer

from kouling.cli.deliver import feedback, model

app = typer.Typer(help="Decide who is shown what, from likes alone.", no_args_is_help=True)
app.add_typer(model.app)
app.add_typer(feedback.app)


@app.callback()
def deliver() -> None:
    """Decide who is shown what, from likes alone."""
