"""Migrations: they make what the tables say, once, and leave a newer database alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import kouling
from kouling import Engine
from kouling.db import Store, _newest_version, metadata
from kouling.errors import StoreError
from tests.migrations.schema import differences
from tests.samples import offer, seller


@pytest.fixture
def store(target: str) -> Iterator[Store]:
    store = Store(target)
    yield store
    store.close()


def test_the_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    with store.read() as connection:
        assert differences(connection) == []
        assert sa.inspect(connection).get_table_names() != []


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE trial ADD COLUMN extra INTEGER",
        "DROP INDEX ix_trial_author",
        "DROP TABLE unlike",
        "CREATE TABLE extra (id INTEGER CHECK (id > 0))",
    ],
)
def test_a_table_that_differs_from_what_the_code_uses_is_found(
    sqlite_engine: Engine, statement: str
) -> None:
    with sqlite_engine._runtime.store._writer.begin() as connection:
        connection.exec_driver_sql(statement)
        assert differences(connection) != []


def test_a_database_has_the_version_that_alembic_leads_to(store: Store) -> None:
    """The store tells it by the files' names, so that opening a database needs no Alembic."""
    (head,) = ScriptDirectory.from_config(config_of(None)).get_heads()
    with store.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == head
    assert _newest_version() == head


def test_every_named_constraint_is_in_the_database(store: Store) -> None:
    named = {
        constraint.name
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    with store.read() as connection:
        inspector = sa.inspect(connection)
        tables = [table.name for table in metadata.sorted_tables]
        found = {check["name"] for t in tables for check in inspector.get_check_constraints(t)}
    assert found == named != set()


unindexed = {
    *("conversion: offer", "conversion: redemption", "entry: refers", "feed_place: item"),
    *("impression: item", "item_picture: picture", "posting: entry, kind"),
    *("posting: credit, currency", "posting: debit, currency", "redemption: code"),
    *("redemption: offer", "share_code: offer", "text_band: item"),
    *("touch: code", "touch: redemption"),
}
"""References to rows that are never removed and whose keys never change."""


def test_a_reference_to_what_changes_has_an_index() -> None:
    """A code is set once its row is there: the database looks for children of it each time."""
    assert {
        f"{table.name}: {', '.join(key.column_keys)}"
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        if not any(index[: len(key.columns)] == key.column_keys for index in indexes_of(table))
    } == unindexed


def indexes_of(table: sa.Table) -> list[list[str]]:
    """The columns of each index over all rows of a table, keys' own among them."""
    whole = [one for one in table.indexes if one.dialect_options["sqlite"]["where"] is None]
    unique = (sa.PrimaryKeyConstraint, sa.UniqueConstraint)
    keys = [one for one in table.constraints if isinstance(one, unique)]
    return [list(one.columns.keys()) for one in (*whole, *keys)]


def test_tables_of_sqlite_are_strict(sqlite_engine: Engine) -> None:
    """Else a column would keep 10.5, or a text, where a whole number belongs."""
    with sqlite_engine._runtime.read() as connection:
        loose = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict"
        names = set(connection.scalars(sa.text(loose)))
    assert {name for name in names if not name.startswith(("market_search", "sqlite_"))} == {
        "alembic_version"
    }


def test_opening_again_changes_nothing(target: str) -> None:
    with Engine.open(target) as engine:
        code = engine.mint(offer(), sharer=seller)
    with Engine.open(target) as engine:
        assert engine.mint(offer(), sharer=seller) == code


def test_a_database_of_a_newer_kouling_is_left_alone(target: str) -> None:
    with Engine.open(target) as engine:
        engine._runtime.store.write(
            lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        )

    with pytest.raises(StoreError, match=r"version 9999.*open it with the newer Kouling"):
        Engine.open(target)


def test_there_is_one_first_migration_and_one_head() -> None:
    scripts = ScriptDirectory.from_config(config_of(None))

    assert len(scripts.get_heads()) == 1
    assert scripts.get_bases() == ["0001"]


def test_the_first_migration_is_not_taken_back(store: Store) -> None:
    with (
        store._writer.begin() as connection,
        pytest.raises(RuntimeError, match="drop the database"),
    ):
        command.downgrade(config_of(connection), "base")


def config_of(connection: sa.Connection | None) -> Config:
    """What Alembic has to know."""
    config = Config()
    config.set_main_option("script_location", str(Path(kouling.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
