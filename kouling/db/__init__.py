"""The database: one writer with group commit, readers that never wait for it.

A write is a function over a connection. It is queued to the writer thread, run in a savepoint
and committed together with its neighbours; its caller gets the result after that commit, so one
flush to disk serves many callers. No wait is without end. This is the one folder that knows the
drivers.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kouling.db import sqlite
from kouling.db.columns import Id, Serial, Time, metadata, server_time, unindexed
from kouling.db.failures import as_store_error, open_hint, store_errors
from kouling.db.ours import check_ours, version_table
from kouling.db.target import Waits, default_waits, read_target
from kouling.errors import DeadlineExceeded, Overloaded, StoreError

__all__ = [
    "Connection",
    "Id",
    "Serial",
    "Store",
    "Time",
    "Waits",
    "metadata",
    "server_time",
    "unindexed",
]

batch_max = 512
"""Writes in one commit."""

queue_max = 10_000
"""Writes waiting for the writer; one more is `Overloaded`."""

Connection = sa.Connection

T = TypeVar("T")
Act = Callable[[Connection], T]


class _Job(NamedTuple):
    act: Act[Any]
    future: Future[Any]


class _Outcome(NamedTuple):
    value: Any = None
    error: BaseException | None = None


class Store:
    """An open database: `write` and `submit` go through the one writer, `read` past it.

    Safe to use from many threads, not from a process that was forked off. Raises `StoreError` when
    the database can't be used.
    """

    def __init__(self, target: str, waits: Waits = default_waits) -> None:
        url = read_target(target)
        self.file = sqlite.file_of(url)
        """The file that holds the database, if it is one."""
        self._waits, self._process = waits, os.getpid()
        self._jobs: queue.Queue[_Job | None] = queue.Queue(queue_max)
        self._closed, self._closing = False, threading.Lock()
        with store_errors(url.render_as_string(hide_password=True), open_hint):
            if self.file is not None:
                sqlite.make_file(self.file)
            self._writer = _engine(url, waits, writes=True)
            self._readers = _engine(url, waits, writes=False)
            try:
                if _version(self._writer) != _newest_version():
                    _upgrade(url, waits)
            except BaseException:
                self._writer.dispose()
                raise
        self._thread = threading.Thread(target=self._serve, name="kouling-writer", daemon=True)
        self._thread.start()

    def write(self, act: Act[T]) -> T:
        """Run `act` in a transaction and return its result once that is on disk.

        Whatever `act` raises is raised here, and nothing of it is kept. Raises `DeadlineExceeded`
        if there is no result in time.
        """
        future = self.submit(act)
        try:
            return future.result(self._waits.deadline_seconds)
        except TimeoutError:
            if future.done():
                return future.result()  # it came just now, or is the act's own error
            raise self._late(given_up=future.cancel()) from None

    def submit(self, act: Act[T]) -> Future[T]:
        """Queue `act`; the future is done once its transaction is on disk.

        Raises `Overloaded` when the queue is full. `act` may run twice if another that it shares
        a transaction with fails, so it must do nothing but use its connection.
        """
        self._check_process()
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
        self._check_process()
        with store_errors("read"), self._readers.begin() as connection:
            yield connection

    def faults(self) -> list[str]:
        """Return what is wrong with the file that holds the database; a server sees to its own."""
        if self.file is None:
            return []
        with self.read() as connection:
            return list(sqlite.file_faults(connection, self.file))

    def close(self) -> None:
        """Finish the waiting writes and close all connections.

        In a process that was forked off it does nothing: all of them are its parent's.
        """
        if os.getpid() != self._process:
            return
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._jobs.put(None)
        self._thread.join()
        self._writer.dispose()
        self._readers.dispose()

    def _check_process(self) -> None:
        """Refuse a forked process: the writer's thread stayed in the parent, and so did locks."""
        if os.getpid() != self._process:
            raise StoreError(
                f"this engine was opened by process {self._process}, of which this is a fork",
                hint="open an engine in each process, after it was forked",
            )

    def _late(self, *, given_up: bool) -> DeadlineExceeded:
        if given_up:
            became, hint = "nothing was written", "try again later"
        else:
            became = "whether it was written is not known"
            hint = "ask again: the same request is done once"
        seconds = self._waits.deadline_seconds
        return DeadlineExceeded(f"no answer within {seconds} seconds; {became}", hint=hint)

    def _serve(self) -> None:
        while jobs := self._next_jobs():
            self._commit([job for job in jobs if job.future.set_running_or_notify_cancel()])

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
        """Do jobs in one transaction; if one of them breaks it, each gets its own.

        What fails for all alike, such as a lock that another program holds, is waited for once.
        """
        if not jobs:
            return
        try:
            outcomes = self._transact(jobs)
        except _Broken as broken:
            if len(jobs) > 1:
                self._commit_singly(jobs)
                return
            outcomes = [_failed(broken.error)]
        except Exception as error:
            outcomes = [_failed(error) for _ in jobs]
        for job, outcome in zip(jobs, outcomes, strict=True):
            _release(job.future, outcome)

    def _commit_singly(self, jobs: list[_Job]) -> None:
        for place, job in enumerate(jobs):
            try:
                (outcome,) = self._transact([job])
            except _NotBegun as error:  # nor would the others be
                for other in jobs[place:]:
                    _release(other.future, _failed(error.error))
                return
            except _Broken as broken:
                outcome = _failed(broken.error)
            except Exception as error:
                outcome = _failed(error)
            _release(job.future, outcome)

    def _transact(self, jobs: list[_Job]) -> list[_Outcome]:
        """Do jobs in one transaction; raise `_NotBegun`, `_Broken`, or why it isn't committed."""
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(self._writer.begin())
            except Exception as error:
                raise _NotBegun(error) from error
            return [_attempt(connection, job.act) for job in jobs]


class _NotBegun(Exception):
    """No transaction can be begun."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class _Broken(Exception):
    """An act broke the transaction that it ran in."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _failed(error: Exception) -> _Outcome:
    if isinstance(error, _NotBegun):
        error = error.error
    return _Outcome(error=as_store_error(error, "write"))


def _attempt(connection: Connection, act: Act[Any]) -> _Outcome:
    try:
        with connection.begin_nested():
            return _Outcome(value=act(connection))
    except DBAPIError as error:
        if error.connection_invalidated or not isinstance(error, sa.exc.IntegrityError):
            raise _Broken(error) from error
        return _Outcome(error=as_store_error(error, "write"))
    except BaseException as error:
        return _Outcome(error=as_store_error(error, "write"))


def _release(future: Future[Any], outcome: _Outcome) -> None:
    if outcome.error is None:
        future.set_result(outcome.value)
    else:
        future.set_exception(outcome.error)


def _engine(url: sa.URL, waits: Waits, *, writes: bool) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        return sqlite.engine(url, waits, writes=writes)
    from kouling.db import postgres  # here, since its driver takes long to load

    return postgres.engine(url, waits, writes=writes)


def _upgrade(url: sa.URL, waits: Waits) -> None:
    """Bring the tables to this version of Kouling, in one transaction, however long it takes."""
    # Here: it loads Alembic, which takes a quarter of the CPU that all else takes.
    from kouling.migrations import upgrade

    engine = _engine(url, waits._replace(statement_seconds=0), writes=True)
    try:
        with engine.begin() as connection:
            upgrade(connection)
    finally:
        engine.dispose()


def _version(engine: sa.Engine) -> str | None:
    """Return the version of a database's tables; None if it has none."""
    with engine.begin() as connection:
        names = sa.inspect(connection).get_table_names()
        check_ours(names, engine.url.render_as_string(hide_password=True))
        if version_table not in names:
            return None
        version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return version


def _newest_version() -> str:
    """Return the version that the last migration leads to: the number its file's name begins with.

    Alembic would tell it, too, but most databases that are opened are of that version already.
    """
    files = Path(__file__).parents[1].joinpath("migrations", "versions").glob("[0-9]*.py")
    return max(file.name for file in files).partition("_")[0]
