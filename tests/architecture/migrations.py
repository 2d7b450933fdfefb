"""Migrations: one line of them, each named after the room whose tables it changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.imports import MIGRATIONS
from tests.architecture.source import Findings, Module, Package, called

FIRST = "0001_first"
"""The one migration that makes the tables of all rooms."""

NAME = re.compile(r"(?P<number>\d{4})_(?P<room>[a-z]+)_(?P<what>[a-z0-9_]+)")

TABLE_PLACES = {
    **dict.fromkeys(("create_table", "drop_table", "rename_table", "batch_alter_table"), 0),
    **dict.fromkeys(("add_column", "drop_column", "alter_column"), 0),
    **dict.fromkeys(("create_index", "drop_index", "drop_constraint"), 1),
    **dict.fromkeys(("create_foreign_key", "create_unique_constraint"), 1),
    **dict.fromkeys(("create_check_constraint", "create_primary_key"), 1),
    **dict.fromkeys(("append_only", "closed_once"), 0),
}
"""What changes a table → which of its arguments names it."""

CHANGED = re.compile(
    r"""\b(?:
        UPDATE
      | (?:INSERT\ INTO|DELETE\ FROM)
      | (?:CREATE|ALTER|DROP)\ (?:\w+\ )?TABLE(?:\ IF(?:\ NOT)?\ EXISTS)?
      | CREATE\ (?:UNIQUE\ )?INDEX\ \S+\ ON
      | CREATE\ TRIGGER\ .*?\bON
    )\s+"?(?P<table>\w+)""",
    re.VERBOSE | re.DOTALL,
)
"""A table that a statement changes; one that it only reads may be another room's."""


def migration_line(package: Package) -> Findings:
    """Migrations follow each other by their numbers, so there is one head."""
    before: str | None = None
    for module in _migrations(package):
        number = _file(module)[:4]
        told = {name: value for name, value, _ in _told(module)}
        lines = {name: line for name, _, line in _told(module)}
        for name, right in (("revision", number), ("down_revision", before)):
            message = f"{name} is {told.get(name)!r}, its place in the line makes it {right!r}"
            wrong = told.get(name, "") != right
            yield module.at(lines.get(name, 1), message) if wrong else None
        before = number


def migration_rooms(package: Package) -> Findings:
    """A migration is called NNNN_room_what, and changes tables of that room alone."""
    owners = _owners(package)
    for module in _migrations(package):
        name = NAME.fullmatch(_file(module))
        room = name["room"] if name else ""
        if _file(module) != FIRST:
            message = f"{_file(module)} names no room that has tables; call it NNNN_room_what"
            yield module.at(1, message) if room not in owners.values() else None
        for table, line in _changed(module):
            owner = owners.get(table)
            wrong = owner is None if _file(module) == FIRST else owner != room
            message = f"it changes {table} of {owner}; a room's migration changes its own tables"
            yield module.at(line, message) if wrong and (room or owner is None) else None


def _file(module: Module) -> str:
    return module.path.stem


def _migrations(package: Package) -> list[Module]:
    inside = f"{package.name}.{MIGRATIONS}.versions."
    found = [module for module in package if module.name.startswith(inside)]
    return sorted(found, key=_file)


def _told(module: Module) -> Iterator[tuple[str, object, int]]:
    """Yield what a migration says of itself: name, value, line."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value.value, node.lineno


def _owners(package: Package) -> dict[str, str]:
    """Map each table to the area that makes it: `offer_table = sa.Table("offer", …)`."""
    owners: dict[str, str] = {}
    for module in package:
        for node in module.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                ends = [target.id for target in node.targets if isinstance(target, ast.Name)]
                first = node.value.args[0] if node.value.args else None
                if isinstance(first, ast.Constant) and any(e.endswith("_table") for e in ends):
                    owners[str(first.value)] = module.area
    return owners


def _changed(module: Module) -> Iterator[tuple[str, int]]:
    """Yield each table that a migration names to change it."""
    for node in module.nodes:
        if isinstance(node, ast.Call) and called(node) == "execute":
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield from ((at["table"], node.lineno) for at in CHANGED.finditer(part.value))
        elif isinstance(node, ast.Call) and called(node) in TABLE_PLACES:
            place = TABLE_PLACES[called(node)]
            named = [keyword.value for keyword in node.keywords if keyword.arg == "table_name"]
            for argument in [*named, *node.args[place : place + 1]]:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value), node.lineno
