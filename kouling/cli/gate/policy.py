"""`kouling gate policy`: what a policy says, what it makes of examples, and whether it is good."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.cli.gate.asked import policy_named
from kouling.cli.gate.examples import (
    TriedExample,
    bundled_policies,
    examples_of,
    read_examples,
    try_examples,
)
from kouling.clock import read_time
from kouling.gate import Policy, Surface, bundled_policy
from kouling.language import Language, Texts

differences = 3
"""Exit code where examples are not decided as they say."""

app = typer.Typer(help="Read, try and check policies.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="Policy file, or the name of a bundled one.")]
Examples = Annotated[
    Path | None,
    typer.Option(help="File of examples; default the policy's own, or NAME.examples.yaml beside."),
]
In = Annotated[Language, typer.Option(help="Language of titles and reasons.")]


@app.callback()
def policy() -> None:
    """Read, try and check policies."""


@app.command("in-force")
def show_policy_in_force(
    database: Database = "",
    at: Annotated[str, typer.Option(help="At this time; default now.")] = "",
) -> None:
    """Write out the policy that is in force in a database."""
    with opened_engine(database) as engine:
        found = engine.gate.policies.in_force(read_time(at) if at else None)
    screen.say(found.version)
    screen.put(found.source)


@app.command("list")
def list_policies(database: Database = "") -> None:
    """List the policies that were activated in a database, by their dates."""
    with opened_engine(database) as engine:
        found, now_in_force = engine.gate.policies.list(), engine.gate.policies.in_force()
    table = Table("policy", "in force from", "")
    for one in found:
        mark = "in force" if one.version == now_in_force.version else ""
        table.add_row(*map(Text, (one.version, _time(one.effective_at), mark)))
    screen.show(table)


@app.command("bundled")
def list_bundled(language: In = Language.en) -> None:
    """List the policies that come with Kouling."""
    table = Table("policy", "in force from", "what it does")
    for name in bundled_policies():
        one = bundled_policy(name)
        table.add_row(name, _time(one.effective_at), _said(one.title, language))
    screen.show(table)


@app.command("show")
def show_policy(name: Named, language: In = Language.en) -> None:
    """Show what a policy makes of what, surface by surface."""
    shown = policy_named(name)
    table = Table("rule", *Surface, show_lines=True)
    for rule in shown.rules:
        head = f"{rule.id}\n{_said(rule.title, language)}"
        marks = [f"{rule.outcome[one]}{'*' if one in rule.review else ''}" for one in Surface]
        table.add_row(*map(Text, (head, *marks)))
    screen.put(f"{shown.version}: {_said(shown.title, language)}")
    screen.put(f"in force from {_time(shown.effective_at)}")
    for rule in shown.rules:
        for word, date in (("from", rule.since), ("until", rule.until)):
            if date is not None:
                screen.put(f"{rule.id} {word} {_time(date)}")
    screen.show(table)
    if any(rule.review for rule in shown.rules):
        screen.put("* and it waits for a reviewer")


@app.command("examples")
def show_examples(name: Named, examples: Examples = None) -> None:
    """Show what a policy makes of its examples."""
    table = Table("surface", "text", "outcome", "by")
    for one in _tried(policy_named(name), name, examples):
        decision = one.decision
        told = decision.visibility if one.is_as_said else f"{decision.visibility}, {_wanted(one)}"
        cells = (one.example.surface, one.text, told, ", ".join(decision.rules))
        table.add_row(*map(Text, cells))
    screen.show(table)


@app.command("check")
def check_policy(name: Named, examples: Examples = None) -> None:
    """Check a policy and its examples; exit 3 where one of them is decided otherwise."""
    checked = policy_named(name)
    outcomes = _tried(checked, name, examples)
    wrong = [one for one in outcomes if not one.is_as_said]
    for one in wrong:
        decided = ", ".join((one.decision.visibility, *one.decision.rules))
        screen.put(f"{one.example.where}: {decided}; {_wanted(one)}")
    rules = screen.plural(len(checked.rules), "rule")
    tried = screen.plural(len(outcomes), "example")
    screen.put(f"{checked.version}: {rules}, {tried}, {len(wrong):,} decided otherwise")
    if wrong:
        raise typer.Exit(differences)


def _tried(policy: Policy, name: str, examples: Path | None) -> list[TriedExample]:
    found = read_examples(examples) if examples else examples_of(name)
    return try_examples(policy, found)


def _wanted(outcome: TriedExample) -> str:
    example = outcome.example
    by = f" by {example.rule}" if example.rule else ""
    return f"the example says {example.outcome}{by}"


def _said(texts: Texts, language: Language) -> str:
    return texts.text_in(texts.language_for(language))


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
