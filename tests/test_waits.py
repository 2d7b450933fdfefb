"""Waiting for the database ends: at a silent server, at a lock, at a deadline, after a fork."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import select
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kouling import Engine
from kouling.config import Settings
from kouling.db import Connection, Store, Waits
from kouling.errors import DeadlineExceeded, InvalidInput, StoreError
from tests.conftest import fresh_postgres
from tests.samples import friend, item, seller, stranger

callers = 21
patience_seconds = 30


class Line:
    """A line to a server, which can fall silent without being cut."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.silent = threading.Event()
        self._ends: list[socket.socket] = [self._listener]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        pairs: dict[socket.socket, socket.socket] = {}
        with contextlib.suppress(OSError, ValueError):
            while True:
                ready, _, _ = select.select([self._listener, *pairs], [], [], 1)
                for one in ready:
                    if one is self._listener:
                        near, _ = self._listener.accept()
                        far = socket.socket(socket.AF_UNIX)
                        far.connect(self._server)
                        pairs |= {near: far, far: near}
                        self._ends += [near, far]
                    elif data := one.recv(65_536):
                        if not self.silent.is_set():
                            pairs[one].sendall(data)
                    else:
                        other = pairs.pop(one)
                        pairs.pop(other)
                        one.close()
                        other.close()
                        break  # what else is ready may be closed by now

    def close(self) -> None:
        for end in self._ends:
            end.close()


@pytest.fixture
def line(postgres: str) -> Iterator[tuple[Line, str]]:
    """A line to a fresh database, and the address that goes through it."""
    url = sa.make_url(fresh_postgres(postgres))
    line = Line(f"{url.query['host']}/.s.PGSQL.{url.port or 5432}")
    through = url.set(host="127.0.0.1", port=line.port, query={})
    yield line, through.render_as_string(hide_password=False)
    line.close()


def seconds_of(act: Callable[[], object]) -> float:
    start = time.monotonic()
    act()
    return time.monotonic() - start


def test_a_server_that_falls_silent_is_an_error_and_used_again_when_it_speaks(
    line: tuple[Line, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.db.postgres.silence_seconds", 0)
    wire, address = line
    store = Store(address, Waits(statement_seconds=1, connect_seconds=1))
    assert store.write(one) == 1

    def fall_silent(connection: Connection) -> Any:
        wire.silent.set()
        return one(connection)

    with pytest.raises(StoreError, match="has not answered for 1 second"):
        store.write(fall_silent)
    with pytest.raises(StoreError, match="connection timeout"):
        store.write(one)
    wire.silent.clear()
    assert store.write(one) == 1
    store.close()


def test_a_lock_is_waited_for_once_by_all_who_wait(tmp_path: Path) -> None:
    """One after the other, the last of them would wait 21 times as long as the first."""
    store = Store(str(tmp_path / "shop.db"), Waits(lock_seconds=1))
    other = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def write(_: int) -> float:
        with pytest.raises(StoreError, match="locked"):
            return seconds_of(lambda: store.write(one))
        return time.monotonic()

    start = time.monotonic()
    with ThreadPoolExecutor(callers) as pool:
        ends = list(pool.map(write, range(callers)))
    assert max(ends) - start < 5  # those who came while the first one waited wait once more
    other.execute("ROLLBACK")
    assert store.write(one) == 1
    store.close()
    other.close()


def test_a_lock_of_another_writer_on_a_server_is_waited_for_once(postgres: str) -> None:
    address = fresh_postgres(postgres)
    holder, store = Store(address), Store(address, Waits(lock_seconds=1))
    entered, leave = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        entered.set()
        leave.wait(patience_seconds)

    held = holder.submit(hold)
    assert entered.wait(patience_seconds)
    with pytest.raises(StoreError, match="lock timeout"):
        store.write(one)
    leave.set()
    held.result(patience_seconds)
    assert store.write(one) == 1
    store.close()
    holder.close()


def test_a_statement_without_end_is_ended_by_the_server(postgres: str) -> None:
    store = Store(fresh_postgres(postgres), Waits(statement_seconds=1))
    with pytest.raises(StoreError, match="statement timeout"), store.read() as connection:
        connection.execute(sa.text("SELECT pg_sleep(20)"))
    store.close()


def test_a_write_without_an_answer_in_time_says_what_became_of_it(target: str) -> None:
    store = Store(target, Waits(deadline_seconds=1))
    entered, leave = threading.Event(), threading.Event()

    def hold(_: Connection) -> str:
        entered.set()
        leave.wait(patience_seconds)
        return "held"

    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(store.write, hold)
        assert entered.wait(patience_seconds)
        queued = pool.submit(store.write, one)
        with pytest.raises(DeadlineExceeded, match=r"1 seconds; whether it was written.*ask again"):
            running.result(patience_seconds)
        with pytest.raises(DeadlineExceeded, match="1 seconds; nothing was written"):
            queued.result(patience_seconds)
    leave.set()
    assert store.write(one) == 1
    store.close()


def test_an_acts_own_timeout_is_not_taken_for_the_deadline(target: str) -> None:
    store = Store(target)

    def late(_: Connection) -> None:
        raise TimeoutError("mine")

    with pytest.raises(TimeoutError, match="mine"):
        store.write(late)
    store.close()


def test_an_engine_keeps_to_the_waits_of_its_settings(tmp_path: Path) -> None:
    settings = Settings(deadline_seconds=1, lock_seconds=20)
    with Engine.open(str(tmp_path / "shop.db"), settings=settings) as engine:
        other = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DeadlineExceeded):
            engine.people.follow(friend, seller)
        other.close()


@pytest.mark.parametrize("name", Waits._fields)
@pytest.mark.parametrize("value", [0, -1, 10**9])
def test_a_wait_is_neither_none_nor_without_end(name: str, value: int) -> None:
    with pytest.raises(InvalidInput, match=f"{name.upper()}={value} is no wait"):
        Settings(**{name: value})  # type: ignore[arg-type]  # a wait, whatever its name


def one(connection: Connection) -> Any:
    return connection.scalar(sa.text("SELECT 1"))


# What a fork inherits: not the writer's thread, and locks that nobody will open.


def use_inherited(engine: Engine, answers: Any) -> None:
    for act in (
        lambda: engine.people.follow(friend, stranger),
        lambda: engine.gate(item("late", pictures=(b"picture",))),
        lambda: engine.settle.ledger.balances(),
    ):
        try:
            act()
            answers.send("done")
        except StoreError as error:
            answers.send(str(error))
    engine.close()  # does no harm to the parent


def open_anew(target: str, answers: Any) -> None:
    with Engine.open(target) as engine:
        engine.people.follow(friend, stranger)
    answers.send("done")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_is_refused_at_once_and_may_open_an_engine_of_its_own(target: str) -> None:
    with Engine.open(target) as engine:
        engine.people.follow(friend, seller)
        refused = heard_from_a_fork(use_inherited, engine, 3)
        assert ["open an engine in each process" in one for one in refused] == [True] * 3
        assert heard_from_a_fork(open_anew, target, 1) == ["done"]
        engine.people.follow(seller, stranger)
        with engine._runtime.store.read() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM event")) == 3


def heard_from_a_fork(act: Callable[..., None], given: Any, count: int) -> list[str]:
    context = multiprocessing.get_context("fork")
    near, far = context.Pipe()
    process = context.Process(target=act, args=(given, far))
    process.start()
    try:
        heard = []
        for _ in range(count):
            assert near.poll(patience_seconds), "a fork waits for ever"
            heard.append(near.recv())
        process.join(patience_seconds)
        assert process.exitcode == 0
        return heard
    finally:
        process.kill()
        process.join()
