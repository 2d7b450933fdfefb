"""Migrations: they make what the tables say, once, and leave a newer database alone."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from kouling import Engine
from kouling.db import Store, metadata
from kouling.errors import StoreError
from tests.samples import offer, seller


@pytest.fixture
def store(target: str):
    store = Store(target)
    yield store
    store.close()


def test_the_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_object": is_comparable,
            },
        )
        assert compare_metadata(context, metadata) == []
        assert sa.inspect(connection).get_table_names() != []


def is_comparable(_object: object, name: str | None, *_: object) -> bool:
    """Full-text search is each database's own: Alembic knows neither its tables nor indexes."""
    return not (name or "").startswith("market_search")


def test_every_named_constraint_is_in_the_database(store: Store) -> None:
    """Alembic does not compare check constraints."""
    with store.read() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.sorted_tables:
            found = {check["name"] for check in inspector.get_check_constraints(table.name)}
            assert found == {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint)}


def test_opening_again_changes_nothing(target: str) -> None:
    with Engine.open(target) as engine:
        code = engine.mint(offer(), sharer=seller)
    with Engine.open(target) as engine:
        assert engine.mint(offer(), sharer=seller) == code


def test_a_database_of_a_newer_kouling_is_left_alone(target: str) -> None:
    with Engine.open(target) as engine:
        engine._store.write(
            lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        )

    with pytest.raises(StoreError, match=r"version 9999.*open it with the newer Kouling"):
        Engine.open(target)
