"""The database: what can't be opened, what its constraints refuse, and how times are kept."""

import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kouling import ConversionStatus, Engine
from kouling.db import Store, Time
from kouling.errors import InvalidInput, StoreError
from tests.conftest import fresh_postgres
from tests.samples import conversion, friend, offer, seller

microseconds = st.integers(0, 4_000_000_000_000_000)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("mysql://shop@host/shop", "'mysql' is not a database that Kouling knows"),
        ("https://shop.example/", "'https' is not a database"),
        (":memory:", "needs a file"),
        ("file::memory:?cache=shared", "needs a file"),
        ("sqlite://", "needs a file"),
        ("sqlite:///", "needs a file"),
        ("", "needs a file"),
        ("shop\0.db", "needs a file"),
        ("postgresql://shop@host:port/shop", "address of the database can't be read"),
    ],
)
def test_a_target_that_names_no_database_is_refused(target: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Store(target)


def test_a_file_in_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"unable to open database file.*check the path"):
        Store(str(tmp_path / "no folder" / "shop.db"))


@pytest.mark.parametrize("content", [b"hello", b"no database at all" * 1_000])
def test_a_file_that_is_no_database_is_an_error_and_stays_as_it_was(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)

    with pytest.raises(StoreError, match="file is not a database"):
        Store(str(path))
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE item (number INTEGER)",
        "CREATE TABLE alembic_version (version_num TEXT)",  # Alembic is many programs' own
        "CREATE TABLE event (seq INTEGER); CREATE TABLE code_key (no INTEGER)",
        "CREATE VIEW one AS SELECT 1",
    ],
)
def test_a_file_of_another_program_is_refused_and_stays_as_it_was(
    tmp_path: Path, made: str
) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.executescript(made)
    connection.close()
    before = path.read_bytes()

    with pytest.raises(StoreError, match=r"another program's.*nothing was changed"):
        Engine.open(str(path))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["other.db"]


def test_a_server_database_of_another_program_is_refused(postgres: str) -> None:
    address = fresh_postgres(postgres)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("CREATE TABLE album (id int)")

    with pytest.raises(StoreError, match="another program's: it has album"):
        Engine.open(address)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in another way")
def test_nobody_else_may_read_a_new_database_that_holds_keys(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with Engine.open(str(tmp_path / "shop.db")) as engine:
            engine.people.follow(friend, seller)
            rights = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)

    names = ("shop.db", "shop.db-shm", "shop.db-wal")
    assert {name: rights[name] for name in names} == dict.fromkeys(names, "0o600")


def test_a_server_that_is_not_there_is_an_error_that_keeps_the_password_secret() -> None:
    with pytest.raises(StoreError, match="connection failed") as caught:
        Store("postgresql://shop:secret@127.0.0.1:1/shop")
    assert "secret" not in str(caught.value)


def test_a_reader_that_breaks_is_a_store_error(engine: Engine) -> None:
    with pytest.raises(StoreError, match="nowhere"), engine._runtime.store.read() as connection:
        connection.execute(sa.text("SELECT * FROM nowhere"))


@given(microseconds)
def test_a_time_is_kept_to_the_microsecond(count: int) -> None:
    time = Time()
    at = time.process_result_value(count, None)

    assert at is not None
    assert at.tzinfo is UTC
    assert time.process_bind_param(at, None) == count


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_of_any_zone_comes_back_as_the_same_moment(at: datetime) -> None:
    stored = Time().process_bind_param(at, None)

    assert Time().process_result_value(stored, None) == at.astimezone(UTC)


def test_no_time_stays_none() -> None:
    assert Time().process_bind_param(None, None) is None
    assert Time().process_result_value(None, None) is None


# What the database itself refuses, whoever writes to it.


@pytest.fixture
def ledger(engine: Engine, target: str) -> Callable[[str], None]:
    """Run SQL on a ledger with an estimate (1), one that is settled (2, 3), and past any code."""
    code = engine.mint(offer(), sharer=seller)
    engine.redeem(code.code, buyer=friend)
    engine.settle(conversion("order-1"))
    engine.settle(conversion("order-2", status=ConversionStatus.received))
    return lambda statement: engine._runtime.store.write(lambda c: execute(c, statement))


def execute(connection: sa.Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def account(kind: str, owner: str) -> str:
    return f"(SELECT id FROM account WHERE kind = '{kind}' AND owner = '{owner}')"


merchant, sharer = account("merchant", "shop"), account("sharer", "seller")


def posting(entry: int, debit: str, credit: str, *, currency: str = "CNY", amount: int = 1) -> str:
    kind = f"(SELECT kind FROM entry WHERE id = {entry})"
    values = f"{entry}, 9, {kind}, {debit}, {credit}, '{currency}', {amount}"
    columns = "entry, leg, kind, debit, credit, currency, amount"
    return f"INSERT INTO posting ({columns}) VALUES ({values})"


def entry(kind: str, refers: int | str, like: int = 1, id: str = "max(id) + 1") -> str:
    """Insert one more entry of the conversion that another is of."""
    columns = "id, kind, conversion, refers, memo, entered_at, effective_at, hash"
    of = f"(SELECT conversion FROM entry WHERE id = {like})"
    hash = f"(SELECT hash FROM entry WHERE id = {like})"
    values = f"{id}, '{kind}', {of}, {refers}, '', max(entered_at), max(entered_at), {hash}"
    return f"INSERT INTO entry ({columns}) SELECT {values} FROM entry"


def test_sql_past_the_engine_can_write_what_is_right(ledger: Callable[[str], None]) -> None:
    """Else the refusals below could be for another reason."""
    ledger(posting(1, merchant, sharer))
    ledger(entry("posted", 1))
    ledger(entry("pending", "NULL"))


refused = [
    (posting(1, merchant, sharer, amount=-1), "ck_posting_amount"),
    (posting(1, merchant, sharer, amount=0), "ck_posting_amount"),
    (posting(1, sharer, sharer), "ck_posting_two_accounts"),
    (posting(1, merchant, sharer, currency="USD"), "(?i)foreign key|fk_posting"),
    (posting(1, merchant, "99"), "(?i)foreign key|fk_posting"),
    (posting(99, merchant, sharer), "(?i)foreign key|fk_posting|NOT NULL|not-null"),
    (entry("posted", 2, like=2), "entry.refers|uq_entry_settled_once"),
    (entry("voided", 2, like=2), "entry.refers|uq_entry_settled_once"),
    (entry("pending", 1), "ck_entry_refers"),
    (entry("posted", "NULL"), "ck_entry_refers"),
    (entry("gift", 1), "ck_entry_kind"),
    (entry("posted", 99), "(?i)foreign key|fk_entry_refers"),
    (entry("posted", 1, id="1"), "order of their ids"),
    ("UPDATE share_code SET uses_max = 1, uses = 2", "ck_share_code_uses"),
    ("UPDATE account SET posted_debit = -1", "ck_account_posted_debit"),
    ("UPDATE offer SET price = 0", "ck_offer_price"),
]


def test_the_database_refuses_what_breaks_a_constraint(ledger: Callable[[str], None]) -> None:
    for statement, constraint in refused:
        with pytest.raises(StoreError, match=constraint):
            ledger(statement)


def test_the_database_refuses_to_reverse_more_than_was_posted(
    ledger: Callable[[str], None],
) -> None:
    """The sharer got 1,791 of a commission of 1,990 by entry 3."""
    ledger(entry("reversal", 3, like=3))

    with pytest.raises(StoreError, match="more is reversed than was posted"):
        ledger(posting(4, sharer, merchant, amount=1_792))
    ledger(posting(4, sharer, merchant, amount=1_791))
    with pytest.raises(StoreError, match="more is reversed than was posted"):
        ledger(posting(4, sharer, merchant).replace("(4, 9,", "(4, 10,"))


def test_what_is_written_is_never_changed_or_removed(ledger: Callable[[str], None]) -> None:
    for table, column in (("event", "answer"), ("entry", "memo"), ("posting", "amount")):
        for act in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(StoreError, match=f"{table} is append-only"):
                ledger(act)
