"""How a migration writes a table down: strict on SQLite, with its indexes and references."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from kouling.db import Time

Id = sa.String(128)
Code = sa.String(11)
Sha256 = sa.String(64)
Currency = sa.String(3)

_strict: dict[type[Any], type[Any]] = {
    sa.Text: sa.Text,
    sa.String: sa.Text,
    sa.Boolean: sa.Integer,
    sa.Integer: sa.Integer,
    sa.Float: sa.REAL,
    sa.Date: sa.Text,
    sa.LargeBinary: sa.BLOB,
}
"""A column's type → the one of the few that SQLite holds a column to."""


def table(name: str, *items: sa.schema.SchemaItem) -> None:
    """Create a table; on SQLite a strict one, which takes no value of another type."""
    if not is_sqlite():
        op.create_table(name, *items)
        return
    for column in (item for item in items if isinstance(item, sa.Column)):
        kind = column.type.impl if isinstance(column.type, Time) else column.type
        column.type = next(strict() for one, strict in _strict.items() if isinstance(kind, one))
    op.create_table(name, *items, sqlite_strict=True)


def is_sqlite() -> bool:
    """Whether it is SQLite that is migrated."""
    return op.get_bind().dialect.name == "sqlite"


def edges(name: str, one: str, other: str, *more: sa.Index) -> None:
    """Create a table of edges, each once, between what two columns name."""
    table(
        name,
        sa.Column(one, Id, primary_key=True),
        sa.Column(other, Id, primary_key=True),
        sa.Column("at", Time, nullable=False, index=True),
        *more,
    )


def index(owner: str, *columns: str, name: str = "", where: str = "") -> sa.Index:
    """Return an index of a new table, over the rows that meet a condition; `uq_` is unique."""
    name = name or "_".join(("ix", owner, *columns))
    only = sa.text(where) if where else None
    unique = name.startswith("uq_")
    return sa.Index(name, *columns, unique=unique, sqlite_where=only, postgresql_where=only)


def foreign(name: str, columns: str, other: str, others: str) -> sa.ForeignKeyConstraint:
    """Return a reference of several columns to as many of another table."""
    keys = [f"{other}.{key}" for key in others.split()]
    return sa.ForeignKeyConstraint(columns.split(), keys, name=name)
