"""What a released version wrote is opened by the present one, with nothing lost."""

import itertools
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from kouling import Engine
from tests.crash import state
from tests.migrations.schema import differences, triggers
from tests.migrations.stored import missing, released, restore, store, stores
from tests.samples import conversion, friend, item, offer, seller

changelog = Path(__file__).parents[2] / "CHANGELOG.md"

Empty = Callable[[str], str]

append_only = ("event", "entry", "posting", "charge", "trial_step", "charge_posting")


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Empty:
    """Each call gives one more database without any tables, on the store that it names."""
    numbers = itertools.count()

    def make(name: str) -> str:
        if name == "sqlite":
            return str(tmp_path / f"empty-{next(numbers)}.db")
        template: str = request.getfixturevalue("postgres")
        empty = f"stored_{next(numbers)}_{tmp_path.name}"
        with psycopg.connect(template, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{empty}" TEMPLATE template0')
        return template.replace("kouling_template", empty)

    return make


def count(target: str) -> dict[str, int]:
    """How many rows each table has that nothing is removed from."""
    with state.connect(target) as connection:
        return {
            table: connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0
            for table in append_only
        }


def comes_through(stored: Path, target: str, fresh: str) -> None:
    """Open a stored database with the present version, and find everything in order."""
    restore(stored, target)
    before = count(target)
    for opened in (target, fresh):
        Engine.open(opened).close()

    with state.connect(target) as connection, state.connect(fresh) as other:
        assert differences(connection) == []
        assert triggers(connection) == triggers(other) != set()
    assert count(target) == before
    assert min(before[table] for table in ("event", "entry", "posting")) > 0
    state.check(target)


def test_every_release_has_a_stored_database_of_each_store() -> None:
    lacking = missing(changelog.read_text("utf-8"), released)
    assert lacking == [], "run python -m tests.migrations.stored VERSION"


def test_a_release_without_stored_databases_is_found(tmp_path: Path) -> None:
    text = "## [Unreleased]\n\n## [0.2.0] - 2027-03-01\n\n## [0.1.0] - 2026-12-24\n"
    for version, name in itertools.product(("0.1.0", "0.2.0"), stores):
        (tmp_path / f"{version}.{name}.{stores[name]}").touch()
    assert missing(text, tmp_path) == []

    (tmp_path / "0.1.0.postgres.sql.gz").unlink()
    (tmp_path / "0.2.0.sqlite.db.gz").unlink()
    assert missing(text, tmp_path) == ["0.2.0.sqlite.db.gz", "0.1.0.postgres.sql.gz"]


def test_what_released_versions_wrote_is_brought_up_to_date(empty: Empty) -> None:
    for name, end in stores.items():
        for stored in sorted(released.glob(f"*.{end}")):
            comes_through(stored, empty(name), empty(name))


@pytest.mark.parametrize("name", stores)
def test_what_this_version_writes_can_be_stored_and_opened_again(
    empty: Empty, tmp_path: Path, name: str
) -> None:
    """Else a release would find out too late that its databases can't be kept."""
    written, stored = empty(name), tmp_path / "stored.gz"
    with Engine.open(written) as engine:
        engine.gate(item("1"))
        engine.redeem(engine.mint(offer(), sharer=seller).code, buyer=friend)
        engine.settle(conversion())
    store(written, stored)

    comes_through(stored, empty(name), empty(name))
