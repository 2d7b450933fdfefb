"""Whether a database has the tables that the code uses, and which triggers it has."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from kouling.db import metadata


def differences(connection: sa.Connection) -> list[Any]:
    """Return in what a database differs from the tables of the rooms."""
    options = {
        "compare_type": _types_differ,
        "compare_server_default": True,
        "include_object": _is_comparable,
    }
    context = MigrationContext.configure(connection, opts=options)
    return [*compare_metadata(context, metadata), *_check_differences(connection)]


def triggers(connection: sa.Connection) -> set[str]:
    """Return the names of a database's triggers."""
    query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    return set(connection.scalars(sa.text(query)))


def _types_differ(context: Any, *kinds: Any) -> bool | None:
    """A strict table of SQLite has but few types: there those are compared."""
    if context.dialect.name != "sqlite":
        return None
    _, _, found, said = kinds
    return _affinity(found) != _affinity(said)


def _affinity(kind: Any) -> str:
    kind = kind.impl if isinstance(kind, sa.TypeDecorator) else kind
    for name, kinds in {
        "text": (sa.String, sa.Date),
        "integer": (sa.Integer, sa.Boolean),
        "real": (sa.Float, sa.Numeric),
        "blob": (sa.LargeBinary,),
    }.items():
        if isinstance(kind, kinds):
            return name
    raise AssertionError(f"{kind!r} is of no kind that SQLite holds a column to")


def _is_comparable(_object: object, name: str | None, *_: object) -> bool:
    """Full-text search is each database's own: Alembic knows neither its tables nor indexes."""
    return not (name or "").startswith("market_search")


def _check_differences(connection: sa.Connection) -> list[tuple[str, str]]:
    """Alembic does not compare check constraints; this does, by their names."""
    inspector = sa.inspect(connection)
    wrong: list[tuple[str, str]] = []
    there = set(inspector.get_table_names())
    for table in (one for one in metadata.sorted_tables if one.name in there):
        found = {str(check["name"]) for check in inspector.get_check_constraints(table.name)}
        said = {str(c.name) for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        wrong += [(table.name, name) for name in sorted(found ^ said)]
    return wrong
