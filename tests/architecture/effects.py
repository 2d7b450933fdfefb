"""What touches the world outside: SQL, time, chance, environment, work at import.

DESIGN section 2, points 3 and 4; STYLE 6.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.architecture.imports import MIGRATIONS, ROOMS, SHELLS
from tests.architecture.source import Findings, Module, Package, called, last_part, under

DRIVERS = frozenset({"sqlite3", "psycopg", "alembic"})
SQL_LIBRARIES = DRIVERS | {"sqlalchemy"}

STATEMENT = re.compile(
    r"""\s*(?:
        (?:SELECT|PRAGMA|BEGIN\ IMMEDIATE|SAVEPOINT|VACUUM)\b
      | WITH\s+(?:RECURSIVE\s+)?\w+(?:\s*\([^)]*\))?\s+AS\b
      | select\s.+?\sfrom\s+\w+\s*(?:$|;|,|(?:where|order|group|join|limit)\b)
      | (?:INSERT\s+(?:OR\s+\w+\s+)?INTO|insert\s+into)\s+\S
      | (?:DELETE\s+FROM|delete\s+from)\s+\S
      | (?:UPDATE\s+\S+\s+SET\s|update\s+\S+\s+set\s+\w+\s*=)
      | (?:CREATE|DROP|ALTER)\s+(?:\w+\s+)?(?:TABLE|INDEX|TRIGGER|VIEW)\b
      | (?:create|drop|alter)\s+(?:unique\s+)?(?:table|index|trigger|view)\s+\S
    )""",
    re.VERBOSE | re.DOTALL,
)
"""How a statement begins. Small letters need more of it, since prose begins so too."""


class Source(NamedTuple):
    """Names that bring in the world outside, and the areas that may use them."""

    what: str
    names: frozenset[str]
    areas: tuple[str, ...]


def _names(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{name}" for name in names.split())


SOURCES = (
    Source(
        "the time",
        _names("datetime", "datetime.now datetime.utcnow datetime.today date.today")
        | _names("time", "time time_ns monotonic monotonic_ns localtime gmtime ctime clock_gettime")
        | _names("sqlalchemy.func", "now current_timestamp"),
        ("clock",),
    ),
    Source(
        "a stop watch",
        _names("time", "perf_counter perf_counter_ns process_time process_time_ns thread_time"),
        ("clock", "cli", "demo"),
    ),
    Source(
        "chance",
        frozenset({"random", "secrets", "uuid", "numpy.random"})
        | {"os.urandom", "os.getrandom", "sqlalchemy.func.random"},
        ("ids",),
    ),
    Source(
        "the environment",
        _names("os", "environ environb getenv getenvb putenv unsetenv"),
        ("config",),
    ),
)

WORK = frozenset({"open", "read_text", "read_bytes", "urlopen", "connect", "create_engine"})
"""Calls that touch a file, a network or a database."""

COMPOSING = frozenset({"add_typer"})
"""Calls by which a shell lists its parts."""


def sql(package: Package) -> Findings:
    """Only `table` of a room (a file or a folder), `db`, `eventlog`, the migrations know SQL."""
    for module in package:
        wrong = not _knows_sql(package, module)
        advice = "move it to the room's table.py"
        for reference in module.references:
            if under(reference.module, SQL_LIBRARIES):
                message = f"{reference.dotted} is SQL; {advice}"
                yield module.at(reference.line, message) if wrong else None
        for line, text in _strings(module):
            if STATEMENT.match(text):
                message = f"{text.strip()[:40]!r} is an SQL statement; {advice}"
                yield module.at(line, message) if wrong else None


def drivers(package: Package) -> Findings:
    """Only `db` and the migrations know which database it is."""
    for module in package:
        for reference in module.references:
            if under(reference.module, DRIVERS):
                wrong = module.area not in ("db", MIGRATIONS)
                message = f"{reference.dotted} is a driver's; go through db"
                yield module.at(reference.line, message) if wrong else None


def outside_world(package: Package) -> Findings:
    """Time comes from `clock`, chance from `ids`, the environment from `config`."""
    for module in package:
        for reference in module.references:
            for source in SOURCES:
                if under(reference.dotted, source.names):
                    message = (
                        f"{reference.dotted} asks for {source.what}; leave it to {source.areas[0]}"
                    )
                    wrong = module.area not in source.areas
                    yield module.at(reference.line, message) if wrong else None


def import_time(package: Package) -> Findings:
    """Importing a module does nothing: no calls for their effect, no loops, no files."""
    for module in package:
        if module.area != MIGRATIONS:  # Alembic runs its scripts by importing them.
            for statement in _at_import(module.tree.body):
                work = _work(statement, shell=module.area in SHELLS)
                message = f"importing runs {work}; put it into a function"
                yield module.at(statement.lineno, message) if work else None


def _knows_sql(package: Package, module: Module) -> bool:
    if module.area in ROOMS:
        table = f"{package.name}.{module.area}.table"
        return module.name == table or module.name.startswith(f"{table}.")
    return module.area in ("db", "eventlog", MIGRATIONS)


def _strings(module: Module) -> Iterator[tuple[int, str]]:
    """Yield every string that is no docstring, formatted ones with a word in each hole."""
    whole = {id(node) for node in module.bare_strings}
    for node in module.nodes:
        if isinstance(node, ast.JoinedStr):
            whole |= {id(part) for part in node.values}
            parts = (part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
            yield node.lineno, "".join(map(str, parts))
    for node in module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in whole:
            yield node.lineno, node.value


def _at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run at import, out of branches and class bodies too."""
    for statement in body:
        if isinstance(statement, ast.If) and _is_guard(statement.test):
            yield from _at_import(statement.orelse)
        elif isinstance(statement, ast.If):
            yield from _at_import([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            handlers = [inner for handler in statement.handlers for inner in handler.body]
            parts = (statement.body, handlers, statement.orelse, statement.finalbody)
            yield from _at_import([inner for part in parts for inner in part])
        elif isinstance(statement, ast.ClassDef):
            yield from _at_import(statement.body)
        else:
            yield statement


def _is_guard(test: ast.expr) -> bool:
    if isinstance(test, ast.Compare):
        return last_part(test.left) == "__name__"
    return last_part(test) == "TYPE_CHECKING"


def _work(statement: ast.stmt, *, shell: bool) -> str:
    """Name the work that a statement does, or nothing."""
    if isinstance(statement, ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith):
        return f"a {type(statement).__name__.removeprefix('Async').lower()} statement"
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call | ast.Await):
        name = last_part(statement.value)
        return "" if shell and name in COMPOSING else f"{name or 'a call'}()"
    calls = (called(node) for node in _run_now(statement) if isinstance(node, ast.Call))
    return next((f"{name}()" for name in calls if name in WORK), "")


def _run_now(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is evaluated with a statement: all but the bodies of lambdas."""
    yield node
    if not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _run_now(child)
