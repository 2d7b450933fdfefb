"""Verbs, commands, routes and the page that lists them are the same, in the same words."""

from kouling import Engine
from kouling.engine import is_verb
from tools import build_verb_page as tool


def test_the_page_is_that_of_the_doors() -> None:
    assert tool.page.read_text("utf-8") == tool.build(), "run tools/build_verb_page.py"


def test_every_verb_has_its_command_or_is_listed_without() -> None:
    commands = tool.commands()
    lacking = {verb.name for verb in tool.verbs() if not _has_command(verb.command, commands)}
    assert lacking == set(tool.no_command)


def test_every_command_is_a_verbs_or_is_listed_as_none() -> None:
    wanted = {verb.command for verb in tool.verbs()} | {f"insight {name}" for name in tool.reports}
    assert tool.commands() - wanted == set(tool.no_verb)


def test_every_route_is_a_verbs_or_is_listed_as_none() -> None:
    """No verb has a route yet; whoever adds one gives it the verb's words and lists it here."""
    verbs_of_routes = {path for path in tool.routes() if path.startswith("/v1/")}
    assert verbs_of_routes == {"/v1/gate/inspect"}
    assert {f"/{path.split('/')[1]}" for path in tool.routes()} <= {"/v1", "/health", "/schema"}


def test_every_public_method_of_a_door_is_a_verb(engine: Engine) -> None:
    doors = list(tool.doors(engine))
    assert len(doors) >= 7
    unmarked = [
        f"{type(door).__name__}.{name}"
        for door in doors
        for name, method in vars(type(door)).items()
        if callable(method) and (name == "__call__" or not name.startswith("_"))
        if not is_verb(method)
    ]
    assert unmarked == []


def _has_command(command: str, commands: set[str]) -> bool:
    if command == "insight NAME":
        return all(f"insight {name}" in commands for name in tool.reports)
    return command in commands
