"""Many callers at once: nothing is lost, nothing is done twice, readers don't wait."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kouling import Engine, Redemption, Refusal, RefusalReason, Surface
from kouling.db import Connection, Store
from kouling.errors import IdempotencyConflict, InvalidInput, KoulingError, Overloaded, StoreError
from kouling.eventlog import event_table
from kouling.ids import UserId
from kouling.mint import offer_table
from tests.samples import conversion, friend, item, offer, seller

callers = 32
patience_seconds = 30


def at_once(act: Callable[[int], Any], count: int = callers) -> list[Any]:
    """Call `act` from many threads that start together; errors of Kouling are results, too."""
    barrier = threading.Barrier(count)

    def call(number: int) -> Any:
        barrier.wait()
        try:
            return act(number)
        except KoulingError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def rows(engine: Engine, table: str) -> int:
    with engine._runtime.store.read() as connection:
        return int(connection.scalar(sa.text(f'SELECT count(*) FROM "{table}"')) or 0)


def test_the_same_minting_at_once_gives_one_code(engine: Engine) -> None:
    codes = at_once(lambda _: engine.mint(offer(), sharer=seller))

    assert len({code.code for code in codes}) == 1
    assert (rows(engine, "share_code"), rows(engine, "event")) == (1, 1)


def test_different_mintings_at_once_give_different_codes(engine: Engine) -> None:
    codes = at_once(lambda n: engine.mint(offer(), sharer=UserId(f"seller-{n}")))

    assert len({code.code for code in codes}) == callers == rows(engine, "share_code")


def test_a_code_for_five_uses_is_redeemed_five_times(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=seller, uses_max=5).code
    visits = at_once(lambda n: engine.redeem(code, buyer=UserId(f"buyer-{n}")))

    assert Counter(type(visit) for visit in visits) == {Redemption: 5, Refusal: callers - 5}
    refusals = {visit.reason for visit in visits if isinstance(visit, Refusal)}
    assert refusals == {RefusalReason.used_up}
    assert rows(engine, "redemption") == 5


def test_one_key_at_once_is_answered_once(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=seller).code
    visits = at_once(lambda _: engine.redeem(code, buyer=friend, idempotency_key="key"))

    assert len({visit.id for visit in visits}) == 1
    assert rows(engine, "redemption") == 1


def test_one_key_at_once_with_other_bodies_is_good_for_one_of_them(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=seller).code
    visits = at_once(
        lambda n: engine.redeem(code, buyer=UserId(f"buyer-{n}"), idempotency_key="key")
    )

    kinds = Counter(type(visit) for visit in visits)
    assert kinds == {Redemption: 1, IdempotencyConflict: callers - 1}
    assert rows(engine, "redemption") == 1


def test_every_verb_at_once_keeps_the_ledger_whole(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=seller).code

    def shop(number: int) -> None:
        buyer = UserId(f"buyer-{number}")
        engine.people.befriend(buyer, seller)
        engine.gate(item(f"item-{number}", f"{code} {number}"))
        engine.redeem(code, buyer=buyer)
        engine.deliver(buyer, Surface.moments)
        engine.settle(conversion(f"order-{number}", buyer=buyer))

    assert at_once(shop) == [None] * callers
    assert engine.settle.ledger.verify().entries == callers
    assert rows(engine, "redemption") == callers


def test_readers_go_on_while_a_write_takes_long(engine: Engine) -> None:
    engine.people.befriend(friend, seller)
    engine.gate(item("one"))
    with held(engine._runtime.store):
        assert engine.insight("funnel", date(2018, 5, 29)).rows
        assert engine.settle.ledger.balances() == []
        assert engine.gate.decision(item("one").id).item == "one"
        with ThreadPoolExecutor() as pool:
            page = pool.submit(engine.deliver, friend, Surface.moments)  # records impressions
            read = engine._runtime.store.read
            with read() as connection:
                assert connection.scalar(sa.select(sa.func.count()).select_from(event_table)) == 2
            assert not page.done()
            release.set()
            assert [p.item.id for p in page.result(patience_seconds).places] == ["one"]


release = threading.Event()


class held:
    """A block within which the writer is busy with a write, until `release` or its end."""

    def __init__(self, store: Store) -> None:
        self.store, self.entered = store, threading.Event()

    def __enter__(self) -> Future[bool]:
        release.clear()
        self.future = self.store.submit(self.wait)
        assert self.entered.wait(patience_seconds)
        return self.future

    def wait(self, connection: Connection) -> bool:
        self.entered.set()
        return release.wait(patience_seconds)

    def __exit__(self, *_: object) -> None:
        release.set()
        assert self.future.result(patience_seconds)


@pytest.fixture
def store(target: str) -> Iterator[Store]:
    store = Store(target)
    yield store
    store.close()


def add(id: str) -> Callable[[Connection], str]:
    """Return a write that adds one row."""
    values: dict[str, object] = {
        "id": id,
        "merchant": "shop",
        "title": "title",
        "url": "https://shop.example/",
    }
    values |= {"price": 1, "currency": "CNY", "rate_bps": 0}

    def act(connection: Connection) -> str:
        connection.execute(offer_table.insert(), values)
        return id

    return act


def ids(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(sa.select(offer_table.c.id).order_by(offer_table.c.id)))


def add_and_raise(error: BaseException) -> Callable[[Connection], str]:
    def act(connection: Connection) -> str:
        add("half")(connection)
        raise error

    return act


def break_sql(connection: Connection) -> str:
    add("half")(connection)
    connection.execute(sa.text("SELECT * FROM nowhere"))
    return "unreachable"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (add_and_raise(InvalidInput("no")), InvalidInput),  # its savepoint is rolled back
        (add_and_raise(ZeroDivisionError()), ZeroDivisionError),
        (add("one"), StoreError),  # a constraint refuses it
        (break_sql, StoreError),  # it breaks the transaction: each write gets its own
    ],
    ids=["refused", "bug", "constraint", "broken"],
)
def test_a_failing_write_fails_alone(store: Store, fault: Any, error: type[Exception]) -> None:
    with held(store):
        before = [store.submit(add(name)) for name in ("one", "three")]
        failing = store.submit(fault)
        after = [store.submit(add(name)) for name in ("two", "four")]

    assert [future.result(patience_seconds) for future in before] == ["one", "three"]
    with pytest.raises(error):
        failing.result(patience_seconds)
    assert [future.result(patience_seconds) for future in after] == ["two", "four"]
    assert ids(store) == ["four", "one", "three", "two"]


def test_waiting_writes_share_a_commit(store: Store) -> None:
    commits: list[Connection] = []
    sa.event.listen(store._writer, "commit", commits.append)
    with held(store):
        futures = [store.submit(add(f"{number}")) for number in range(100)]

    assert [future.result(patience_seconds) for future in futures] == [f"{n}" for n in range(100)]
    assert len(commits) <= 2


def test_a_result_is_released_after_its_commit(store: Store) -> None:
    def seen(number: int) -> bool:
        return store.write(add(f"{number}")) in ids(store)

    assert at_once(seen) == [True] * callers


def test_a_full_queue_is_overloaded_and_what_waits_is_done(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.db.queue_max", 3)
    store = Store(target)
    with held(store):
        waiting = [store.submit(add(f"{number}")) for number in range(3)]
        with pytest.raises(Overloaded, match=r"3 writes are waiting.*try again later"):
            store.submit(add("one too many"))
    assert [future.result(patience_seconds) for future in waiting] == ["0", "1", "2"]
    store.close()


def test_a_write_that_was_given_up_does_not_harm_the_others(store: Store) -> None:
    with held(store):
        given_up = store.submit(add("given up"))
        assert given_up.cancel()
        other = store.submit(add("other"))

    assert other.result(patience_seconds) == "other"


def test_closing_finishes_the_waiting_writes(target: str) -> None:
    store = Store(target)
    with held(store):
        futures = [store.submit(add(f"{number}")) for number in range(50)]
        threading.Timer(0.05, release.set).start()
        store.close()

    assert all(future.done() for future in futures)
    with pytest.raises(StoreError, match="closed"):
        store.write(add("late"))
    store.close()  # once more does nothing
    reopened = Store(target)
    assert len(ids(reopened)) == 50
    reopened.close()


def test_a_write_at_the_moment_of_closing_is_done_or_refused(target: str) -> None:
    store = Store(target)

    def write(number: int) -> str:
        if number == callers // 2:
            store.close()
            raise StoreError("closed")
        return store.submit(add(f"{number}")).result(patience_seconds)

    outcomes = at_once(write)
    done = sorted(name for name in outcomes if isinstance(name, str))
    assert all(isinstance(one, str | StoreError) for one in outcomes)
    reopened = Store(target)
    assert ids(reopened) == done
    reopened.close()


processes = 2
each = 25


def write_much(target: str, name: str, results: Any) -> None:
    """What one of several processes does at the same time: codes of its own and shared ones."""
    with Engine.open(target) as engine:

        def share(number: int) -> str:
            engine.mint(offer(), sharer=UserId(f"{name}-{number}"))
            code = engine.mint(offer(), sharer=UserId(f"both-{number}")).code
            engine.redeem(code, buyer=UserId(f"{name}-buyer-{number}"))
            return code

        with ThreadPoolExecutor(8) as pool:
            results.put(list(pool.map(share, range(each))))


def start(act: Callable[..., None], target: str) -> list[Any]:
    """Run `act` in several processes at once and return what each put."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    running = [
        context.Process(target=act, args=(target, f"process-{number}", results), daemon=True)
        for number in range(processes)
    ]
    for process in running:
        process.start()
    try:
        found = [results.get(timeout=4 * patience_seconds) for _ in running]
        for process in running:
            process.join(patience_seconds)
            assert process.exitcode == 0
        return found
    finally:
        for process in running:
            process.kill()
            process.join()
            process.close()
        results.close()


def test_two_processes_write_at_once_and_lose_nothing(target: str) -> None:
    codes = start(write_much, target)

    assert codes[0] == codes[1]
    with Engine.open(target) as engine:
        assert rows(engine, "share_code") == each * (processes + 1)
        assert rows(engine, "redemption") == each * processes
        assert rows(engine, "event") == each * (2 * processes + 1)
        with engine._runtime.store.read() as connection:
            uses = connection.scalar(sa.text("SELECT sum(uses) FROM share_code"))
            times = list(connection.scalars(sa.select(event_table.c.at).order_by("seq")))
        assert uses == each * processes
        assert times == sorted(times)


def open_often(folder: str, name: str, results: Any) -> None:
    """Open new databases at the same moments as another process."""
    for number in range(20):
        started = Path(folder, f"{number}")
        Path(folder, f"{name}-{number}").touch()
        while len(list(started.parent.glob(f"process-*-{number}"))) < processes:
            pass
        Store(f"{started}.db").close()
    results.put(name)


def test_two_processes_set_up_one_new_file_at_once(tmp_path: Path) -> None:
    assert sorted(start(open_often, str(tmp_path))) == ["process-0", "process-1"]
