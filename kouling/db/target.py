"""How a database is named, by a path or an address, and how long anything may wait for it."""

from __future__ import annotations

import re
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from kouling.errors import InvalidInput


class Waits(NamedTuple):
    """Seconds after which waiting for the database ends; each default serves a first run."""

    connect_seconds: int = 10
    """For a connection to PostgreSQL."""
    statement_seconds: int = 30
    """For one statement of PostgreSQL, and for a server that says nothing at all."""
    lock_seconds: int = 10
    """For another program that writes."""
    keepalive_seconds: int = 30
    """For a sign of life on an idle connection to PostgreSQL."""
    deadline_seconds: int = 30
    """For one write, from its call to its answer."""


silence_seconds = 2
"""How much longer than the server itself this side waits, so that its words come first."""

default_waits = Waits()
"""Where nobody says otherwise."""


def read_target(target: str) -> sa.URL:
    """Read a path or a database's address; raise `InvalidInput` for what names no database."""
    if ":memory:" in target or "\0" in target or target in ("", "sqlite://", "sqlite:///"):
        raise InvalidInput("a store needs a file", hint="give a path such as shop.db")
    if re.match(r"postgres(ql)?://", target):
        return _read(target).set(drivername="postgresql+psycopg")
    if target.startswith("sqlite:///"):
        return _read(target)
    if "://" in target:
        raise InvalidInput(
            f"{target.split('://')[0]!r} is not a database that Kouling knows",
            hint="give a file path or postgresql://USER@HOST/NAME",
        )
    return sa.URL.create("sqlite", database=target)


def _read(target: str) -> sa.URL:
    try:
        return sa.make_url(target)
    except (ValueError, SQLAlchemyError):
        raise InvalidInput(
            "the address of the database can't be read",
            hint="write postgresql://USER@HOST:PORT/NAME",
        ) from None
