"""A target, a path or an address, becomes an address that SQLAlchemy knows."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from kouling.errors import InvalidInput


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
