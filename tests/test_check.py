"""A damaged database: what is read is an error of Kouling's own, and `check` notices all of it."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from kouling import Engine, ItemId, UserId
from kouling.cli import app
from kouling.clock import ManualClock
from kouling.errors import Conflict, KoulingError, StoreError
from tests.conftest import fresh_postgres, noon
from tests.crash.story import Task, tell
from tests.samples import foreign_text, item

flips = 12


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database that tells of every verb, as bytes."""
    path = tmp_path_factory.mktemp("told") / "shop.db"
    for _ in tell(Task(str(path))):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path.read_bytes()


Kept = Callable[[bytes], Path]


@pytest.fixture
def keep(tmp_path: Path) -> Kept:
    """Write bytes as a database of its owner's own."""

    def kept(data: bytes) -> Path:
        for file in tmp_path.iterdir():
            file.unlink()
        path = tmp_path / "shop.db"
        path.touch(0o600)
        path.write_bytes(data)
        return path

    return kept


def opened(path: Path) -> Engine:
    return Engine.open(str(path), clock=ManualClock(noon + timedelta(days=1)), seed=7)


def test_what_is_whole_has_no_faults(told: bytes, keep: Kept, postgres: str) -> None:
    with opened(keep(told)) as engine:
        assert engine.database.check() == ()
    address = fresh_postgres(postgres)
    for _ in tell(Task(address)):
        pass
    with Engine.open(address) as engine:
        assert engine.database.check() == ()


changes = [
    ('UPDATE item SET text = "hello" WHERE id = "shown"', "item shown: text"),
    ('UPDATE item SET author = "nobody" WHERE id = "shown"', "item shown: author"),
    ('UPDATE decision SET body = replace(body, "limit", "allow") WHERE item = "limited"', "body"),
    ('UPDATE decision SET visibility = "allow" WHERE item = "limited"', "visibility"),
    ("UPDATE policy SET source = source || ' '", "policy moments-2018@"),
    ("UPDATE share_code SET sharer = 'x' WHERE campaign = 'flash'", ": sharer"),
    ("UPDATE offer SET rate_bps = 9000", "rate_bps"),
    ("UPDATE redemption SET sharer = 'cousin'", "redemption"),
    ("DELETE FROM \"like\" WHERE user = 'friend' AND item = 'shown'", "it is in the log alone"),
    ("INSERT INTO \"like\" (user, item, at) VALUES ('cousin', 'shown', 0)", "says nothing of it"),
    ("DELETE FROM friendship WHERE user = 'seller'", "friendship ('seller', 'friend')"),
    ("DELETE FROM block", "block ("),
    ("UPDATE event SET answer = replace(answer, 'a', 'b') WHERE seq = 9", "event 9: it is not"),
    ("UPDATE event SET request = request || ' ' WHERE seq = 9", "event 9: its request"),
    ("UPDATE event SET at = at + 1 WHERE seq = 9", "event 9"),
    ("DELETE FROM event WHERE seq = 9", "event 10: it is not as it was written, or one before"),
    ("UPDATE posting SET amount = amount + 1", "ledger"),
    ("UPDATE account SET posted_credit = posted_credit + 1", "ledger"),
    ("DROP TRIGGER event_no_update", "event_no_update is not as this version makes it"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM item WHERE id = 'later'", "refers to nothing in item"),
]


@pytest.mark.parametrize(("change", "fault"), changes, ids=[fault for _, fault in changes])
def test_whatever_is_changed_past_the_engine_is_noticed(
    told: bytes, keep: Kept, change: str, fault: str
) -> None:
    path = keep(told)
    with opened(path) as engine, sqlite3.connect(path) as connection:
        dropped = ""
        if not change.startswith("DROP"):
            triggers = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            drops = "; ".join(f'DROP TRIGGER "{name}"' for name, _ in triggers)
            dropped = f"{drops}; {change}; " + "; ".join(sql for _, sql in triggers)
        connection.executescript(dropped or change)
        faults = [f"{one.place}: {one.problem}" for one in engine.database.check()]
    connection.close()
    assert any(fault in one for one in faults), faults


def test_a_flipped_byte_is_an_error_of_kouling_and_noticed(told: bytes, keep: Kept) -> None:
    chance = random.Random(29)
    spots = [at for at in range(100, len(told)) if told[at : at + 3].isalpha()]
    unnoticed = []
    for _ in range(flips):
        at = chance.choice(spots)
        data = bytearray(told)
        data[at] ^= 0x80 | 1 << chance.randrange(7)  # no longer UTF-8
        path = keep(bytes(data))
        try:
            engine = opened(path)
        except KoulingError:
            continue
        with engine:
            errors = [error for act in readings(engine) if (error := error_of(act))]
            if not (engine.database.check() or errors):
                unnoticed.append(told[at - 20 : at + 20])
    # Impressions and the steps of trials stand in no log: only what can't be read of them is told.
    assert len(unnoticed) <= flips // 6, unnoticed


def readings(engine: Engine) -> Iterator[Callable[[], Any]]:
    """What an engine is asked every day; whatever else it raises than its own is a failure."""
    day, friend = noon.date(), UserId("friend")
    for report in ("funnel", "loyalty", "pictures"):
        yield partial(engine.insight, report, day)
    for name in ("shown", "limited", "narrow", "undecodable"):
        yield partial(engine.gate.decision, ItemId(name))
    yield engine.settle.ledger.verify
    yield engine.gate.queue
    yield lambda: engine.deliver(friend, "moments")
    yield lambda: engine.gate(item("limited", foreign_text))
    yield lambda: engine.gate(item("new", foreign_text))


def error_of(act: Callable[[], Any]) -> KoulingError | None:
    try:
        act()
    except KoulingError as error:
        return error
    return None


def test_what_can_not_be_decoded_says_how_to_look_further(told: bytes, keep: Kept) -> None:
    path = keep(told)
    with opened(path) as engine, sqlite3.connect(path) as connection:
        connection.execute("UPDATE decision SET body = 'no JSON'")
        connection.commit()
        with pytest.raises(StoreError, match=r"read: what is stored.*kouling database check"):
            engine.gate.decision(ItemId("shown"))
    connection.close()


def test_a_server_database_that_was_changed_is_noticed(postgres: str) -> None:
    with Engine.open(fresh_postgres(postgres), clock=ManualClock(noon)) as engine:
        engine.gate(item("one"))
        engine._runtime.store.write(
            lambda c: c.execute(sa.text("UPDATE item SET text = 'another'")).rowcount
        )
        assert [one.place for one in engine.database.check()] == ["item one"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in another way")
def test_the_command_tells_all_faults_and_ends_with_1(told: bytes, keep: Kept) -> None:
    path = keep(told)
    whole = CliRunner().invoke(app, ["database", "check", "--database", str(path)])
    assert (whole.exit_code, whole.stdout) == (0, "all is as it was written\n")

    path.chmod(0o644)
    wrong = CliRunner().invoke(app, ["database", "check", "--database", str(path)])
    assert "others can read it" in wrong.stdout
    assert isinstance(wrong.exception, Conflict)
    assert "1 fault in" in str(wrong.exception)


def test_the_command_shows_the_clock_and_goes_on_by_it(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with Engine.open(str(path), clock=ManualClock(noon)) as engine:
        engine.people.follow(UserId("seller"), UserId("friend"))
    asked = ["database", "clock", "--database", str(path)]

    refused = CliRunner().invoke(app, asked)
    assert "newest event is of 2018-05-29T04:00:00+00:00" in refused.stdout
    assert isinstance(refused.exception, Conflict)
    assert CliRunner().invoke(app, [*asked, "--accept"]).exit_code == 0
    assert CliRunner().invoke(app, asked).exit_code == 0
    with Engine.open(str(path)) as engine:
        engine.people.follow(UserId("friend"), UserId("seller"))
