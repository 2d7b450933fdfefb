"""`kouling lab`: what the gate still finds of disguised codes, in texts and in pictures."""

import typer

from kouling.cli.lab import pictures, text

app = typer.Typer()
app.add_typer(text.app)
app.add_typer(pictures.app)
