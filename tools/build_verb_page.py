"""Build docs/reference/verbs.md: every verb of the engine, with its command and its route.

The doors are asked for their verbs, the command line for its commands, the server for its routes;
the names have to agree by rule, and what has no command or route yet is listed with the reason. A
test fails while the page differs from its sources.
"""

from __future__ import annotations

import inspect
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from typer.main import get_command

from kouling import Engine, bundled_policy
from kouling.cli import app as command_line
from kouling.engine import is_verb
from kouling.server import app_for

root = Path(__file__).parent.parent
page = root / "docs" / "reference" / "verbs.md"

main_commands = {
    "mint": "mint code",
    "gate": "gate item",
    "deliver": "deliver page",
    "redeem": "redeem text",
    "settle": "settle conversion",
    "insight": "insight NAME",
}
"""A room's main verb → its command, which names what it takes."""

reports = ("funnel", "loyalty", "pictures")
"""What `insight NAME` stands for."""

later = "comes with the doors to the outside"

_unspoken = """
mint mint.render mint.revoke mint.hosts.allow mint.issuers.register mint.keys.rotate
gate gate.decision gate.ban gate.lift gate.annotated gate.policies.activate
deliver deliver.like deliver.unlike deliver.refit deliver.label deliver.trial
deliver.placements.add deliver.placements.stop deliver.placements.spent
redeem redeem.many redeem.journeys.identify
settle settle.refund settle.cancel settle.many
"""

no_command = dict.fromkeys(_unspoken.split(), later)
"""A verb that the command line lacks → why."""

no_verb = {
    "demo": "plays the running example",
    "serve": "starts the server",
    "gate watch": "decides on lines as they come, keeping nothing",
    "gate policy bundled": "lists what comes with Kouling",
    "gate policy show": "reads a policy, without a database",
    "gate policy examples": "decides on examples, without a database",
    "gate policy check": "decides on examples, without a database",
    "lab text": "tries the gate on share codes in disguise",
    "lab pictures": "tries the gate on pictures with codes in disguise",
    "deliver fit": "works on files of likes, without a database",
    "deliver recommend": "asks a model in a folder",
    "deliver similar": "asks a model in a folder",
    "deliver evaluate": "measures a model on files",
}
"""A command that is no verb of the engine → what it is for."""

no_route_why = later
"""Why no verb has a route: the server's one route decides without a database."""

stateless_routes = ("/v1/gate/inspect", "/health", "/schema")
"""Routes that are no verb's."""


class Verb(NamedTuple):
    """A verb of the engine: its dotted name, signature, and what its docstring says first."""

    name: str
    signature: str
    sentence: str

    @property
    def call(self) -> str:
        """How it is written in Python."""
        return f"engine.{self.name}{self.signature}"

    @property
    def command(self) -> str:
        """What its command is by rule, whether there is one or not."""
        if self.name in main_commands:
            return main_commands[self.name]
        room, *noun, verb = self.name.split(".")
        return " ".join([room, *(_singular(one) for one in noun), verb.replace("_", "-")])


def verbs() -> list[Verb]:
    """Return all verbs of the engine, room by room, as an open engine offers them."""
    with (
        tempfile.TemporaryDirectory(prefix="kouling-") as folder,
        Engine.open(str(Path(folder, "verbs.db"))) as engine,
    ):
        return list(_verbs_behind(engine, ""))


def commands() -> set[str]:
    """Return all commands, without the program's name."""
    return set(_commands_in(get_command(command_line), ""))


def routes() -> set[str]:
    """Return the paths that the server answers."""
    return {route.path for route in app_for(bundled_policy("open")).routes}


def build() -> str:
    """Return the page's text."""
    found = verbs()
    rooms: dict[str, list[Verb]] = {}
    for verb in found:
        rooms.setdefault(verb.name.partition(".")[0], []).append(verb)
    parts = [_head, *(_section(room, verbs) for room, verbs in rooms.items())]
    others = "".join(f"| `kouling {name}` | {why} |\n" for name, why in sorted(no_verb.items()))
    return "\n".join([*parts, _others.format(rows=others)])


def doors(owner: Any) -> Iterator[Any]:
    """Yield the doors of an engine, or behind a door, each followed by those behind it."""
    for door in vars(owner).values():
        if type(door).__name__.endswith("Door"):
            yield door
            yield from doors(door)


def _verbs_behind(owner: Any, name: str) -> Iterator[Verb]:
    for inner, door in vars(owner).items():
        if type(door).__name__.endswith("Door"):
            noun = f"{name}.{inner}".lstrip(".")
            yield from _verbs_of(door, noun)
            yield from _verbs_behind(door, noun)


def _verbs_of(door: Any, name: str) -> Iterator[Verb]:
    for method_name, method in vars(type(door)).items():
        if is_verb(method):
            called = name if method_name == "__call__" else f"{name}.{method_name}"
            yield Verb(called, _signature(method), _first_sentence(method))


def _commands_in(command: Any, name: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name
        return
    for part, each in inner.items():
        yield from _commands_in(each, f"{name} {part}".strip())


def _signature(method: Any) -> str:
    signature = inspect.signature(method)
    taken = [one for one in signature.parameters.values() if one.name != "self"]
    text = str(signature.replace(parameters=taken)).replace("'", "")
    return re.sub(r"\bkouling\.(?:\w+\.)*", "", text)


def _first_sentence(method: Any) -> str:
    return (inspect.getdoc(method) or "").partition("\n")[0]


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return noun.removesuffix("ies") + "y"
    return noun.removesuffix("s")


def _section(room: str, found: list[Verb]) -> str:
    return "\n".join([f"## {room}", *(_entry(verb) for verb in found)])


def _entry(verb: Verb) -> str:
    missing = no_command.get(verb.name)
    command = f"none yet: {missing}" if missing else f"`kouling {verb.command}`"
    return (
        f"\n### {verb.name}\n\n```text\n{verb.call}\n```\n\n{verb.sentence}\n\n"
        f"- Command: {command}.\n- Route: none yet: {no_route_why}.\n"
    )


_head = """# Verbs

Everything an engine can be asked to do, room by room. This page is built from the code by
`tools/build_verb_page.py`.
"""

_others = """## Commands that are no verbs

| command | what it is for |
|---|---|
{rows}"""


def main() -> None:
    """Write the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(build(), encoding="utf-8")


if __name__ == "__main__":
    main()
