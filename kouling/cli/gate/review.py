"""`kouling gate queue`, `review` and `look-again`: items of a database that wait for a person."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.errors import InvalidInput
from kouling.gate import Decision, Queue, Visibility, queue_max
from kouling.ids import ItemId, UserId
from kouling.words import words_of

text_shown_max = 60
"""Characters of an item's text in the table."""

evidence_shown_max = 3
"""Signals of an item in the table."""

app = typer.Typer()


@app.command("queue")
def list_queue(
    database: Database = "",
    size: Annotated[int, typer.Option("-n", "--size", min=1, max=queue_max)] = 20,
    after: Annotated[int, typer.Option(min=0, help="Begin behind the case of this number.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Write JSON lines.")] = False,
) -> None:
    """List the items that wait for a reviewer, oldest first, with what was seen in them."""
    with opened_engine(database) as engine:
        queue = engine.gate.queue(after, size)
    if json:
        screen.json_lines(queue.cases)
        return
    if queue.cases:
        screen.show(_table(queue))
    screen.show(_summary(queue))


@app.command("review")
def review_item(
    item: Annotated[str, typer.Argument(help="The item's id, as the queue lists it.")],
    reason: Annotated[str, typer.Option(help="Why; its author may be told.")],
    database: Database = "",
    allow: Annotated[bool, typer.Option("--allow", help="Show it to all it is meant for.")] = False,
    limit: Annotated[bool, typer.Option("--limit", help="Show it to its author alone.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Show it to nobody.")] = False,
    reviewer: Annotated[str, typer.Option(help="Who decides; default the user here.")] = "",
) -> None:
    """Decide on an item that waits; the decision holds at once, wherever the item is read."""
    chosen = [
        outcome
        for outcome, is_chosen in zip(Visibility, (allow, limit, drop), strict=True)
        if is_chosen
    ]
    if len(chosen) != 1:
        raise InvalidInput(
            f"{len(chosen)} outcomes are given", hint="give one of --allow, --limit and --drop"
        )
    by = UserId(reviewer or getpass.getuser())
    with opened_engine(database) as engine:
        decision = engine.gate.review(ItemId(item), chosen[0], reason, reviewer=by)
        waiting = engine.gate.queue(size=1).waiting
    screen.say(
        f"{item}: {decision.visibility}, decided by {by}; {screen.plural(waiting, 'waits', 'wait')}"
    )


@app.command("look-again")
def look_again(
    database: Database = "",
    size: Annotated[int, typer.Option("-n", "--size", min=1, help="Items at most.")] = 100,
) -> None:
    """Look into queued pictures again that could not be inspected, as after a lost worker."""
    with opened_engine(database) as engine:
        decisions = engine.gate.look_again(size)
        waiting = engine.gate.queue(size=1).waiting
    for decision in decisions:
        screen.say(f"{decision.item}: {decision.visibility}{_seen_in(decision)}")
    again = screen.plural(len(decisions), "item was", "items were")
    screen.say(f"{again} decided again; {screen.plural(waiting, 'waits', 'wait')}")


def _table(queue: Queue) -> Table:
    table = Table(show_lines=True)
    for column, justify in (("case", "right"), ("item", "left"), ("waits since", "left")):
        # an id is never cut, since it is to be copied
        table.add_column(column, justify=justify, overflow="fold")  # type: ignore[arg-type]  # words
    for column in ("author, surface", "now", "why", "what was seen"):
        table.add_column(column)
    for case in queue.cases:
        cells = (
            str(case.number),
            case.item,
            f"{case.queued_at:%Y-%m-%d %H:%M}",
            f"{case.author}\n{case.surface}",
            case.decision.visibility,
            "\n".join(said.rule for said in case.decision.review),
            "\n".join(_evidence(case.text, case.decision)),
        )
        table.add_row(*map(Text, cells))  # what users write is no markup
    return table


def _evidence(text: str, decision: Decision) -> Iterator[str]:
    if text:
        yield _shortened(text)
    for signal in decision.signals[:evidence_shown_max]:
        place = f"picture {signal.picture}: " if signal.picture else ""
        told = signal.text or "".join(map(words_of, signal.evidence[:1]))
        yield f"{place}{signal.kind} {_shortened(told)}"
    more = len(decision.signals) - evidence_shown_max
    if more > 0:
        yield f"and {more} more"


def _summary(queue: Queue) -> str:
    if not queue.cases:
        before = screen.plural(queue.waiting, "waits", "wait")
        return f"{before}, all before here" if queue.waiting else "nothing waits"
    shown = len(queue.cases)
    more = f"; the next begin --after {queue.cases[-1].number}" if queue.waiting > shown else ""
    waiting = screen.plural(queue.waiting, "item that waits", "items that wait")
    return f"{shown:,} of {waiting}{more}"


def _seen_in(decision: Decision) -> str:
    return f" ({', '.join(decision.rules)})" if decision.rules else ""


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= text_shown_max else line[: text_shown_max - 1] + "…"
