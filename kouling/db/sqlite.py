"""SQLite: a file that nobody else may read, with a write-ahead log, one writer at a time."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from kouling.db.ours import check_ours
from kouling.db.target import Waits

private = 0o600
"""Who may read and write a new file: its owner. It holds the keys that codes are made with."""

_ask_again_seconds = 0.01


def file_of(url: sa.URL) -> Path | None:
    """Return the file of a SQLite database; none for a database on a server."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def make_file(path: Path) -> None:
    """Make the file of a new database; SQLite gives the files beside it the same rights.

    What can't be made here SQLite will say with more words.
    """
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, private))


def engine(url: sa.URL, waits: Waits, *, writes: bool) -> sa.Engine:
    """Return what connects to a file, to write or to read."""
    made = sa.create_engine(url, connect_args={"timeout": waits.lock_seconds})

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by the "begin" event alone
        if not writes:
            connection.execute("PRAGMA query_only=ON")
            return
        # Before anything of the file is changed, its kind of log included.
        names = connection.execute("SELECT name FROM sqlite_master")
        check_ours((name for (name,) in names), str(url.database))
        _use_wal(connection, waits.lock_seconds)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    event.listen(made, "connect", prepare)
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql(begin))
    return made


def _use_wal(connection: Any, seconds: int) -> None:
    """Turn on the write-ahead log; SQLite itself doesn't wait here for another that does so."""
    for _ in range(int(seconds / _ask_again_seconds)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_ask_again_seconds)
    connection.execute("PRAGMA journal_mode=WAL")


def file_faults(connection: sa.Connection, path: Path) -> Iterator[str]:
    """Yield what is wrong with a file: its pages, its references, who may read it."""
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(100)"):
        if said != "ok":
            yield str(said)
    for table, row, other, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} refers to nothing in {other}"
    made = set(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").all())
    wanted = set(_as_made())
    for name in sorted({name for name, _ in made ^ wanted if not name.startswith("sqlite_")}):
        yield f"{name} is not as this version makes it"
    if os.name == "posix" and path.stat().st_mode & 0o077:
        yield "others can read it, and the keys in it; mend it with: chmod 600"


def _as_made() -> Sequence[Any]:
    """Return the names of what a new database holds, each with the statement that makes it."""
    from kouling.migrations import upgrade  # here, as it loads Alembic

    made = sa.create_engine("sqlite://")
    try:
        with made.begin() as connection:
            upgrade(connection)
            return connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").all()
    finally:
        made.dispose()
