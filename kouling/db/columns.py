"""What tables are made of: the one list of them, the kinds of columns, and words of SQL for both.

All times are stored as integer microseconds in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from kouling.ids import id_length_max

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every room's tables; the migrations create them."""

Id = sa.String(id_length_max)
"""A column of ids."""

Serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""An integer key that the database counts up."""

_epoch = datetime(1970, 1, 1, tzinfo=UTC)
_microsecond = timedelta(microseconds=1)


class Time(sa.TypeDecorator[datetime]):
    """A moment in UTC, stored as integer microseconds since 1970."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Turn a moment into microseconds."""
        return None if value is None else (value - _epoch) // _microsecond

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """Turn microseconds into a moment."""
        return None if value is None else _epoch + value * _microsecond


class unindexed(FunctionElement[str]):
    """A text column's value, by which SQLite looks no rows up.

    SQLite keeps no statistics and may take the index of a column that most rows agree in. Where a
    query also has a condition that few rows meet, this leaves it no other choice. PostgreSQL gets
    the column as it is: it chooses by what it counted, and can count no expressions.
    """

    inherit_cache = True
    type = sa.String()


class server_time(FunctionElement[datetime]):
    """What the clock of the database's own machine shows; none where it is this very machine."""

    inherit_cache = True
    type = Time()


@compiles(unindexed)
def _as_it_is(value: unindexed, compiler: Any, **options: Any) -> str:
    return str(compiler.process(value.clauses, **options))


@compiles(unindexed, "sqlite")
def _hidden(value: unindexed, compiler: Any, **options: Any) -> str:
    return f"({_as_it_is(value, compiler, **options)} || '')"


@compiles(server_time)
def _no_clock(_value: server_time, _compiler: Any, **_options: Any) -> str:
    return "NULL"


@compiles(server_time, "postgresql")
def _its_clock(_value: server_time, _compiler: Any, **_options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
