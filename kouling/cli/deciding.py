"""The options that say by what items are decided on, as every command that decides has them."""

from __future__ import annotations

from typing import Annotated

import typer

default_policy = "moments-2018"

Policy = Annotated[
    str,
    typer.Option(
        help="Policy file, or the name of a bundled one; default the one in force in the database,"
        f" or {default_policy}."
    ),
]
DecidingDatabase = Annotated[
    str,
    typer.Option(
        help="Decide as this database stands, by its keys, bans and past; default KOULING_DATABASE."
    ),
]
Packs = Annotated[
    list[str] | None,
    typer.Option(help="Detector pack; several may be given; default KOULING_PACK."),
]
