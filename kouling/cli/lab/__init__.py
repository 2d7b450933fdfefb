"""`kouling lab`: what the gate still finds of disguised codes, in texts and in pictures."""

import typer

from kouling.cli.lab import pictures, text

app = typer.Typer(
    help="Put disguises on share codes and see what the gate still finds.", no_args_is_help=True
)
app.add_typer(text.app)
app.add_typer(pictures.app)


@app.callback()
def lab() -> None:
    """Put disguises on share codes and see what the gate still finds."""
