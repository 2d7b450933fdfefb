"""`kouling gate bans`, `items` and `issuers`: what there is in a database of the gate's."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.cli.deciding import Packs
from kouling.gate import queue_max
from kouling.ids import ItemId

app = typer.Typer()

Size = Annotated[int, typer.Option("-n", "--size", min=1, max=queue_max, help="Rows at most.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON lines.")]


@app.command("issuers")
def list_issuers(database: Database = "", pack: Packs = None) -> None:
    """List the issuers whose codes can be told: of the packs, of partners, and our own."""
    with opened_engine(database, pack or ()) as engine:
        for issuer in engine.gate.issuers():
            screen.put(issuer)


@app.command("bans")
def list_bans(database: Database = "", size: Size = 50, json: AsJson = False) -> None:
    """List the bans that hold now."""
    with opened_engine(database) as engine:
        found = engine.gate.bans(size)
    if json:
        screen.json_lines(found)
        return
    table = Table("kind", "subject", "until", "reason")
    for ban in found:
        until = f"{ban.until:%Y-%m-%d %H:%M}" if ban.until else "lifted"
        table.add_row(*map(_whole, (ban.subject.kind, ban.subject.value, until, ban.reason)))
    screen.show(table)


@app.command("items")
def list_items(
    database: Database = "",
    after: Annotated[str, typer.Option(help="Begin behind this item.")] = "",
    size: Size = 50,
    json: AsJson = False,
) -> None:
    """List items that were gated, the newest first."""
    with opened_engine(database) as engine:
        found = engine.gate.items(ItemId(after) if after else None, size)
    if json:
        screen.json_lines(found)
        return
    table = Table("item", "author", "surface", "posted", "decision", "text")
    for item in found:
        posted = f"{item.posted_at:%Y-%m-%d %H:%M}"
        shown = (item.id, item.author, item.surface, posted, item.visibility)
        table.add_row(*map(_whole, shown), Text(" ".join(item.text.split()), overflow="ellipsis"))
    screen.show(table)


def _whole(text: str) -> Text:
    """Return a cell that is never cut: ids are to be copied."""
    return Text(text, overflow="fold")
