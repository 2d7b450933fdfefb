"""Migrations: they make what the tables say, once, and leave a newer database alone."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import kouling
from kouling import ConversionStatus, Engine, Money
from kouling.clock import ManualClock
from kouling.db import Store, _newest_version, metadata
from kouling.deliver import Placement
from kouling.errors import InvalidInput, StoreError
from kouling.ids import ItemId
from tests.deliver.feed import video
from tests.samples import conversion, friend, item, offer, seller


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


def test_a_database_has_the_version_that_alembic_leads_to(store: Store) -> None:
    """The store tells it by the files' names, so that opening a database needs no Alembic."""
    config = Config()
    config.set_main_option("script_location", str(Path(kouling.__file__).parent / "migrations"))
    (head,) = ScriptDirectory.from_config(config).get_heads()
    with store.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == head
    assert _newest_version() == head


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
        engine._runtime.store.write(
            lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        )

    with pytest.raises(StoreError, match=r"version 9999.*open it with the newer Kouling"):
        Engine.open(target)


@pytest.fixture
def older(target: str, tmp_path: Path) -> sa.Engine:
    """An empty database with the tables before the ledger took charges."""
    url = sa.make_url(f"sqlite:///{tmp_path / 'older.db'}")
    if "://" in target:
        server = sa.make_url(target)
        name = f"{server.database}_older"
        with psycopg.connect(target, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        url = server.set(drivername="postgresql+psycopg", database=name)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        _move(command.upgrade, connection, "0003")
    return engine


def _move(how: Callable[[Config, str], None], connection: sa.Connection, to: str) -> None:
    """Bring the tables up or down to a version."""
    config = Config()
    config.set_main_option("script_location", str(Path(kouling.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    how(config, to)


def test_a_cursor_comes_through_the_migration_that_dates_places(
    target: str, clock: ManualClock
) -> None:
    with Engine.open(target, clock=clock) as engine:
        for name in "abcde":
            video(engine, name, f"creator of {name}")
        first = engine.deliver(friend, "interest", size=2)
        with engine._runtime.store._writer.begin() as connection:
            _move(command.downgrade, connection, "0006")
    with Engine.open(target, clock=clock) as engine:
        second = engine.deliver(friend, "interest", cursor=first.cursor)
        assert len({place.item.id for place in (*first.places, *second.places)}) == 5
        clock.advance(days=7, seconds=1)
        with pytest.raises(InvalidInput, match="kept for 7 days"):
            engine.deliver(friend, "interest", cursor=first.cursor)


def test_a_placement_learns_its_items_words_by_a_migration(target: str, clock: ManualClock) -> None:
    with Engine.open(target, clock=clock) as engine:
        for id, text in (("lamp", "Reading lamp"), ("silk", "silk dress")):
            engine.gate(item(id, text, surface="market"))
            bid, budget = Money(30, "CNY"), Money(10_000, "CNY")
            engine.deliver.placements.add(
                Placement(id=id, advertiser=seller, item=ItemId(id), bid=bid, daily_budget=budget)
            )
        with engine._runtime.store._writer.begin() as connection:
            _move(command.downgrade, connection, "0009")
    with Engine.open(target, clock=clock) as engine:
        (place,) = engine.deliver(friend, "market", query="lamp").places
        assert place.disclosure is not None
        assert place.disclosure.placement == "lamp"


def test_a_ledger_comes_through_the_migrations_as_it_was(
    target: str, older: sa.Engine, clock: ManualClock
) -> None:
    with Engine.open(target, clock=clock) as engine:
        code = engine.mint(offer(), sharer=seller).code
        engine.redeem(code, buyer=friend)
        for order in ("order-1", "order-2"):
            for status in ConversionStatus:
                engine.settle(conversion(order, status=status))
        before = engine.settle.ledger.balances()
        with engine._runtime.store.read() as connection, older.begin() as into:
            _copy_sales(connection, into)
    url = older.url.set(drivername=older.url.get_backend_name())
    with Engine.open(url.render_as_string(hide_password=False), clock=clock) as engine:
        assert engine.settle.ledger.verify() == 4
        assert engine.settle.ledger.balances() == before
        posted = engine.settle(conversion("order-3", status=ConversionStatus.received))
        assert posted.id == 6
        assert [balance.pending for balance in engine.settle.ledger.balances()] == [0, 0, 0]
        with pytest.raises(StoreError, match="append-only"):
            engine._runtime.store.write(lambda c: c.execute(sa.text("DELETE FROM entry")))


def _copy_sales(connection: sa.Connection, into: sa.Connection) -> None:
    """Copy offers, codes, redemptions and the ledger, entry by entry as they were made."""
    tables = metadata.tables
    for name in ("offer", "share_code", "redemption", "conversion"):
        _copy(connection, into, sa.select(tables[name]), tables[name])
    account = sa.select(*(tables["account"].c[n] for n in ("name", "kind", "owner", "currency")))
    _copy(connection, into, account, tables["account"])
    entry, posting = tables["entry"], tables["posting"]
    for id in list(connection.scalars(sa.select(entry.c.id).order_by(entry.c.id))):
        _copy(connection, into, sa.select(entry).where(entry.c.id == id), entry)
        _copy(connection, into, sa.select(posting).where(posting.c.entry == id), posting)


def _copy(
    connection: sa.Connection, into: sa.Connection, query: sa.Select[tuple[object]], table: sa.Table
) -> None:
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if rows:
        into.execute(table.insert(), rows)
