"""`kouling settle`: look after the ledger of a database."""

from __future__ import annotations

import enum
import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.table import Table

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.cli.files import opened
from kouling.clock import read_time
from kouling.errors import InvalidInput
from kouling.ids import ConversionId, EntryId, UserId
from kouling.language import Language

if TYPE_CHECKING:
    from kouling.settle import Head

Since = Annotated[str | None, typer.Option(help="From this time on.")]
Until = Annotated[str | None, typer.Option(help="Up to this time.")]


class ExportFormat(enum.StrEnum):
    """How a ledger is written out."""

    beancount = "beancount"
    csv = "csv"
    jsonl = "jsonl"


class TableFormat(enum.StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"


app = typer.Typer()
ledger_app = typer.Typer(help="Look into the books.", no_args_is_help=True)
charge_app = typer.Typer(help="Look after what paid places cost.", no_args_is_help=True)
sale_app = typer.Typer(help="Look into sales.", no_args_is_help=True)
app.add_typer(ledger_app, name="ledger")
app.add_typer(sale_app, name="sale")
app.add_typer(charge_app, name="charge")


@ledger_app.command("verify")
def verify_ledger(
    database: Database = "",
    since: Annotated[str | None, typer.Option(help="A head, ID:HASH, that must be there.")] = None,
) -> None:
    """Check the chain of entries, the balances, every sale, and that each charge is posted."""
    with opened_engine(database) as engine:
        found = engine.settle.ledger.verify(None if since is None else _read_head(since))
    entries = screen.plural(found.entries, "entry", "entries")
    screen.put(f"{entries}, all in order; head {found.head.id}:{found.head.hash}")


@ledger_app.command("head")
def ledger_head(database: Database = "") -> None:
    """Print the last entry's id and hash, to be written down elsewhere."""
    with opened_engine(database) as engine:
        head = engine.settle.ledger.head()
    screen.put(f"{head.id}:{head.hash}")


@ledger_app.command("trial-balance")
def trial_balance(
    database: Database = "",
    as_of: Annotated[str | None, typer.Option(help="At this time; now if left out.")] = None,
    format: Annotated[TableFormat, typer.Option(help="How to print it.")] = TableFormat.table,
) -> None:
    """Print what stands on each account, or stood at a time."""
    with opened_engine(database) as engine:
        table = engine.settle.ledger.trial_balance(None if as_of is None else read_time(as_of))
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    if format is TableFormat.jsonl:
        screen.json_lines(rows)
    elif format is TableFormat.csv:
        screen.csv_lines(table.columns, table.rows)
    else:
        shown = Table(*table.columns)
        for row in table.rows:
            shown.add_row(*map(str, row))
        screen.show(shown)


@ledger_app.command("balances")
def ledger_balances(
    database: Database = "",
    owner: Annotated[str | None, typer.Option(help="Whose accounts; all if left out.")] = None,
) -> None:
    """Print balances as lines of JSON."""
    with opened_engine(database) as engine:
        found = engine.settle.ledger.balances(None if owner is None else UserId(owner))
    screen.json_lines(found)


@ledger_app.command("entries")
def ledger_entries(
    owner: Annotated[str, typer.Option(help="Whose accounts they move.")],
    since: Since = None,
    until: Until = None,
    after: Annotated[int, typer.Option(help="Only entries after this id.")] = 0,
    size: Annotated[int, typer.Option(help="How many at most.")] = 100,
    database: Database = "",
) -> None:
    """Print an owner's entries as lines of JSON, in order."""
    with opened_engine(database) as engine:
        found = engine.settle.ledger.entries(
            UserId(owner), _time(since), _time(until), after=after, size=size
        )
    screen.json_lines(found)


@ledger_app.command("export")
def export_ledger(
    format: Annotated[ExportFormat, typer.Option(help="How it is written.")],
    output: Annotated[str, typer.Option(help="The file to write; - for standard output.")],
    since: Since = None,
    until: Until = None,
    database: Database = "",
) -> None:
    """Write the ledger out, for beancount or as rows."""
    with opened_engine(database) as engine, opened(output, "wb") as file:
        for line in engine.settle.ledger.export(format, _time(since), _time(until)):
            file.write(line.encode())


@sale_app.callback()
def sale() -> None:
    """Look into sales."""


@sale_app.command("state")
def sale_state(
    id: Annotated[str, typer.Option(help="The merchant's number of the order.")],
    merchant: Annotated[str, typer.Option(help="Whose sale it is.")],
    line: Annotated[str, typer.Option(help="The order's line.")] = "",
    database: Database = "",
) -> None:
    """Print a sale as it stands, as JSON, with why in both languages."""
    from kouling.words import memo_of  # here, since it loads all rooms

    with opened_engine(database) as engine:
        found = engine.settle.sales.state(ConversionId(id), UserId(merchant), line)
    said = {str(one): [memo_of(memo, one) for memo in found.why] for one in Language}
    screen.json_lines([{**msgspec.structs.asdict(found), "said": said}])


@sale_app.command("waiting")
def waiting_sales(database: Database = "") -> None:
    """Print refunds and cancellations that wait for their sale, as lines of JSON."""
    with opened_engine(database) as engine:
        found = engine.settle.sales.waiting()
    screen.json_lines(found)


@sale_app.command("undo-refund")
def undo_refund(
    refund: Annotated[str, typer.Option(help="The refund's id.")],
    merchant: Annotated[str, typer.Option(help="Whose refund it is.")],
    key: Annotated[str | None, typer.Option(help="An idempotency key.")] = None,
    database: Database = "",
) -> None:
    """Book back what a refund took, since it failed; print the sale's latest entry."""
    with opened_engine(database) as engine:
        entry = engine.settle.sales.undo_refund(refund, UserId(merchant), key)
    screen.json_lines([entry])


def _time(text: str | None) -> datetime | None:
    return None if text is None else read_time(text)


def _read_head(text: str) -> Head:
    """Read a head as it is printed; raise `InvalidInput` for anything else."""
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text)
    if found is None:
        raise InvalidInput(f"{text!r:.80} is no head", hint="give what `ledger head` printed")
    from kouling.settle import Head  # here, since it loads all rooms

    return Head(EntryId(int(found[1])), found[2])


@ledger_app.callback()
def ledger() -> None:
    """Look into the books."""


@charge_app.callback()
def charge() -> None:
    """Look after what paid places cost."""


@charge_app.command("post")
def post_charges(database: Database = "") -> None:
    """Post charges for paid places that an earlier version left out of the ledger."""
    with opened_engine(database) as engine:
        count = engine.settle.charges.post()
    screen.put(f"{screen.plural(count, 'charge')} posted")
