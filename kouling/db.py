"""The database: one writer with group commit, readers that never wait for it.

A write is a function over a connection. It is queued to the writer thread, run in a savepoint
and committed together with its neighbours; its caller gets the result after that commit, so one
flush to disk serves many callers. All times are stored as integer microseconds in UTC. This is
the one module that knows the drivers.
"""

from __future__ import annotations

import queue
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from kouling.errors import InvalidInput, Overloaded, StoreError
from kouling.ids import id_length_max

batch_max = 512
"""Writes in one commit."""

queue_max = 10_000
"""Writes waiting for the writer; one more is `Overloaded`."""

busy_seconds_max = 30
"""How long SQLite waits for another process that writes."""

_ask_again_seconds = 0.01

_advisory_lock = 7_305_809_156  # any constant; all writers of one PostgreSQL database share it

_open_hint = "check the path and that the file is Kouling's, or the address and that a server runs"
_use_hint = "see the database's own message"

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

Connection = sa.Connection

T = TypeVar("T")
Act = Callable[[Connection], T]

_epoch = datetime(1970, 1, 1, tzinfo=UTC)
_microsecond = timedelta(microseconds=1)
_microseconds_a_day = timedelta(days=1) // _microsecond


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


def day_of(at: datetime) -> int:
    """Return a moment's day in UTC, counted from 1970, as it is stored."""
    return (at - _epoch).days


def day_of_stored(at: int) -> int:
    """Return the same of a moment as it is stored, in microseconds."""
    return at // _microseconds_a_day


class unindexed(FunctionElement[str]):
    """A text column's value, by which SQLite looks no rows up.

    SQLite keeps no statistics and may take the index of a column that most rows agree in. Where a
    query also has a condition that few rows meet, this leaves it no other choice. PostgreSQL gets
    the column as it is: it chooses by what it counted, and can count no expressions.
    """

    inherit_cache = True
    type = sa.String()


@compiles(unindexed)
def _as_it_is(value: unindexed, compiler: Any, **options: Any) -> str:
    return str(compiler.process(value.clauses, **options))


@compiles(unindexed, "sqlite")
def _hidden(value: unindexed, compiler: Any, **options: Any) -> str:
    return f"({_as_it_is(value, compiler, **options)} || '')"


class _Job(NamedTuple):
    act: Act[Any]
    future: Future[Any]


class _Outcome(NamedTuple):
    value: Any = None
    error: BaseException | None = None


class Store:
    """An open database: `write` and `submit` go through the one writer, `read` past it.

    Safe to use from many threads. Raises `StoreError` when the database can't be used.
    """

    def __init__(self, target: str) -> None:
        url = _url(target)
        self.file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        """The file that holds the database, if it is one."""
        self._writer = _engine(url, writes=True)
        self._readers = _engine(url, writes=False)
        self._jobs: queue.Queue[_Job | None] = queue.Queue(queue_max)
        self._closed, self._closing = False, threading.Lock()
        try:
            with _store_errors(url.render_as_string(hide_password=True), _open_hint):
                _upgrade(self._writer)
        except Exception:
            self._writer.dispose()
            raise
        self._thread = threading.Thread(target=self._serve, name="kouling-writer", daemon=True)
        self._thread.start()

    def write(self, act: Act[T]) -> T:
        """Run `act` in a transaction and return its result once that is on disk.

        Whatever `act` raises is raised here, and nothing of it is kept.
        """
        return self.submit(act).result()

    def submit(self, act: Act[T]) -> Future[T]:
        """Queue `act`; the future is done once its transaction is on disk.

        Raises `Overloaded` when the queue is full. `act` may run twice if a commit that it
        shares with others fails, so it must do nothing but use its connection.
        """
        future: Future[T] = Future()
        with self._closing:  # nothing may be queued behind the end
            if self._closed:
                raise StoreError("the store is closed", hint="open a new Engine")
            try:
                self._jobs.put_nowait(_Job(act, future))
            except queue.Full:
                message = f"{self._jobs.maxsize} writes are waiting"
                raise Overloaded(message, hint="try again later") from None
        return future

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state and must not write."""
        with _store_errors("read"), self._readers.begin() as connection:
            yield connection

    def close(self) -> None:
        """Finish the waiting writes and close all connections."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._jobs.put(None)
        self._thread.join()
        self._writer.dispose()
        self._readers.dispose()

    def _serve(self) -> None:
        while jobs := self._next_jobs():
            self._commit(jobs)

    def _next_jobs(self) -> list[_Job]:
        """Wait for a job, then take what else is waiting; empty when the store closes."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == batch_max:
                break
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
        if job is None and jobs:
            self._jobs.put(None)  # the end comes after these
        return jobs

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            with self._writer.begin() as connection:
                outcomes = [_attempt(connection, job.act) for job in jobs]
        except Exception as error:
            if len(jobs) > 1:  # one of them broke the shared transaction: each gets its own
                for job in jobs:
                    self._commit([job])
                return
            outcomes = [_Outcome(error=_as_store_error(error, "write"))]
        for job, outcome in zip(jobs, outcomes, strict=True):
            _release(job.future, outcome)


def _attempt(connection: Connection, act: Act[Any]) -> _Outcome:
    try:
        with connection.begin_nested():
            return _Outcome(value=act(connection))
    except DBAPIError as error:
        if error.connection_invalidated or not isinstance(error, sa.exc.IntegrityError):
            raise
        return _Outcome(error=_as_store_error(error, "write"))
    except BaseException as error:
        return _Outcome(error=_as_store_error(error, "write"))


def _release(future: Future[Any], outcome: _Outcome) -> None:
    if not future.set_running_or_notify_cancel():
        return
    if outcome.error is None:
        future.set_result(outcome.value)
    else:
        future.set_exception(outcome.error)


def _url(target: str) -> sa.URL:
    """Read a path or a database URL."""
    if ":memory:" in target or "\0" in target or target in ("", "sqlite://", "sqlite:///"):
        raise InvalidInput("a store needs a file", hint="give a path such as shop.db")
    if re.match(r"postgres(ql)?://", target):
        return _read_url(target).set(drivername="postgresql+psycopg")
    if target.startswith("sqlite:///"):
        return _read_url(target)
    if "://" in target:
        raise InvalidInput(
            f"{target.split('://')[0]!r} is not a database that Kouling knows",
            hint="give a file path or postgresql://USER@HOST/NAME",
        )
    return sa.URL.create("sqlite", database=target)


def _read_url(target: str) -> sa.URL:
    try:
        return sa.make_url(target)
    except (ValueError, SQLAlchemyError):
        raise InvalidInput(
            "the address of the database can't be read",
            hint="write postgresql://USER@HOST:PORT/NAME",
        ) from None


def _engine(url: sa.URL, *, writes: bool) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": busy_seconds_max})
        event.listen(engine, "connect", _prepare_writer if writes else _prepare_reader)
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    elif writes:
        engine = sa.create_engine(url, pool_pre_ping=True)
        begin = f"SELECT pg_advisory_xact_lock({_advisory_lock})"
    else:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        planned = {"prepare_threshold": None}  # each time: one item has no comments, one a million
        return sa.create_engine(
            url, pool_pre_ping=True, execution_options=options, connect_args=planned
        )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_writer(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by the "begin" event alone
    _use_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: Any) -> None:
    """Turn on the write-ahead log; SQLite itself doesn't wait here for another that does so."""
    for _ in range(int(busy_seconds_max / _ask_again_seconds)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_ask_again_seconds)
    connection.execute("PRAGMA journal_mode=WAL")


def _prepare_reader(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _upgrade(engine: sa.Engine) -> None:
    """Bring the tables to this version of Kouling, in one transaction."""
    with engine.begin() as connection:
        if _version(connection) != _newest_version():
            # Here, since it loads Alembic, which takes a quarter of the CPU that all else takes.
            from kouling.migrations import upgrade

            upgrade(connection)


def _version(connection: Connection) -> str | None:
    """Return the version of a database's tables; None if it has none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def _newest_version() -> str:
    """Return the version that the last migration leads to: the number its file's name begins with.

    Alembic would tell it, too, but most databases that are opened are of that version already.
    """
    files = Path(__file__).parent.joinpath("migrations", "versions").glob("[0-9]*.py")
    return max(file.name for file in files).partition("_")[0]


@contextmanager
def _store_errors(where: str, hint: str = _use_hint) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, UnicodeEncodeError) as error:
        raise _as_store_error(error, where, hint) from error


def _as_store_error(error: BaseException, where: str, hint: str = _use_hint) -> BaseException:
    if isinstance(error, UnicodeEncodeError):  # what an id or a text from JSON may hold
        message = f"{error.object!a:.60} has half a character"
        return InvalidInput(message, where=where, hint="send whole Unicode characters")
    if isinstance(error, SQLAlchemyError):
        reason = str(getattr(error, "orig", None) or error).split("\n")[0]
        return StoreError(f"the database refused: {reason}", where=where, hint=hint)
    return error
