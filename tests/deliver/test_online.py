"""The feed between two fits, and the change from one model to the next."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine
from kouling.clock import ManualClock
from kouling.errors import StoreError
from kouling.eventlog import event_table
from kouling.ids import ItemId, UserId
from kouling.interest import like_matrix, load_model, reach_by_likers
from kouling.interest.counts import paired_max
from kouling.interest.model import fixed_rows
from kouling.interest.online import Online
from tests.deliver.feed import feed, likes, reasons, video

users, items = 5, 12

events = st.lists(
    st.tuples(st.booleans(), st.integers(0, users), st.integers(0, items + 3)), max_size=60
)


def base_of(pairs: list[tuple[int, int]]) -> Online:
    user, item = np.array(pairs, np.int32).reshape(-1, 2).T
    matrix = like_matrix(user, item, shape=(users, items), ordered=True)
    return Online(None, matrix, items)


fitted = st.lists(
    st.tuples(st.integers(0, users - 1), st.integers(0, items - 1)), max_size=30, unique=True
)


def happen(online: Online, what: list[tuple[bool, int, int]]) -> Online:
    for liked, user, item in what:
        (online.like if liked else online.unlike)(user, item)
    return online


@given(fitted, events, st.integers(0, users), st.integers(0, items + 3))
def test_an_unlike_restores_the_state_bit_for_bit(
    base: list[tuple[int, int]], before: list[tuple[bool, int, int]], user: int, item: int
) -> None:
    online = happen(base_of(base), before)
    if item in online.history(user):
        return
    state = online.state()
    online.like(user, item)
    assert online.state() != state
    online.unlike(user, item)

    assert online.state() == state


@given(fitted, events)
def test_the_state_is_a_function_of_the_likes_alone(
    base: list[tuple[int, int]], what: list[tuple[bool, int, int]]
) -> None:
    online, again = happen(base_of(base), what), base_of(base)
    for user in reversed(range(users + 1)):
        again.set_history(user, online.history(user))

    assert again.state() == online.state()


@given(fitted, events)
def test_a_like_twice_and_an_unlike_of_nothing_change_nothing(
    base: list[tuple[int, int]], what: list[tuple[bool, int, int]]
) -> None:
    online = happen(base_of(base), what)
    state = online.state()
    for user in range(users + 1):
        for item in range(items):
            (online.like if item in online.history(user) else online.unlike)(user, item)

    assert online.state() == state


@given(fitted, events, st.lists(st.integers(0, users), unique=True))
def test_what_is_summed_over_likes_is_summed_over_each_users_likes(
    base: list[tuple[int, int]], what: list[tuple[bool, int, int]], asked: list[int]
) -> None:
    online = happen(base_of(base), what)
    values = np.arange(1.0, online.items + 1) ** 0.5
    weighed = np.zeros(online.items)
    for user in asked:
        weighed[online.history(user)] += online.user_weight(user)

    for spoken in (values, np.where(np.arange(online.items) == 3, values, 0.0)):  # of all, of one
        sums = [spoken[online.history(user)].sum() for user in range(online.users)]
        assert online.add_over_likes(spoken) == pytest.approx(sums)
    assert online.weigh_likes(np.array(asked, np.int64)).tolist() == weighed.tolist()


def test_whom_an_item_reaches_is_judged_by_its_likers_likes_and_their_neighbours() -> None:
    base = [(0, 0), (0, 1), (1, 1), (2, 2), (3, 3), (4, 0), (4, 2)]
    online = base_of(base)
    online.rows = fixed_rows(np.array([[4, -1], [3, -1]]), np.ones((2, 2)))
    reached, scores = reach_by_likers(online, np.array([0]), 0, 5)

    assert reached.tolist() == [3, 1]  # by a neighbour of what the liker likes, and by a like
    assert scores.tolist() == pytest.approx([2.0, 1.0])


def test_a_like_that_the_fit_knows_given_anew_is_no_change() -> None:
    online = base_of([(0, 0)])
    online.unlike(0, 0)
    online.like(0, 0)

    assert online.state() == base_of([(0, 0)]).state()


def test_a_user_who_likes_very_much_pairs_its_latest_likes_alone() -> None:
    online = base_of([])
    for item in range(2 * paired_max):
        online.like(0, item)
    _, degree, (sources, targets, counted) = online.state()

    assert degree == [1] * 2 * paired_max
    assert min(sources) == paired_max
    assert max(targets) == 2 * paired_max - 1
    assert len(counted) == paired_max * (paired_max - 1) // 2
    online.unlike(0, 2 * paired_max - 1)
    assert min(online.state()[2][0]) == paired_max - 1


def test_what_is_recommended_is_neither_liked_nor_excluded_and_says_why() -> None:
    online = base_of([(0, 0), (0, 1), (0, 2), (1, 0), (1, 3)])
    for user, item in ((2, 0), (3, 0), (3, 1), (3, 4), (4, 5), (4, 4)):
        online.like(user, item)
    best = online.recommend(online.history(2), exclude=np.array([1], np.int32))

    assert best.items.tolist() == [4]
    assert best.because.tolist() == [0]


def test_of_a_user_who_likes_everything_the_latest_likes_are_heeded(
    target: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.deliver.table.likes.remembered_max", 4)

    def heeded(engine: Engine) -> tuple[list[str], dict[str, int]]:
        """The history of the one who likes everything, and how often each item is liked."""
        with engine._runtime.store.read() as connection:
            known = engine._runtime.surfaces._likes.state(connection)
        ids, online = known.items.ids, known.online
        degree = {id: int(online.degree[number]) for number, id in enumerate(ids)}
        history = online.history(known.users.number("bot"))
        return [ids[item] for item in history], {id: n for id, n in degree.items() if n}

    with Engine.open(target, clock=clock) as engine:
        for name in "abcdefg":
            video(engine, name, f"creator of {name}")
        feed(engine, "nobody", size=1)  # the state is loaded, and kept up from here on
        for name in "gfedcb":
            clock.advance(minutes=1)
            likes(engine, "bot", name)
        likes(engine, "fan", "g", "b")
        latest = (list("edcb"), {"e": 1, "d": 1, "c": 1, "b": 2, "g": 1})
        assert heeded(engine) == latest
        engine.deliver.unlike(UserId("bot"), ItemId("b"))
        assert heeded(engine)[0] == list("fedc")
        likes(engine, "bot", "b")
        assert heeded(engine) == latest
        assert feed(engine, "bot", size=7) == ["a"]  # nothing that it ever liked
    with Engine.open(target, clock=clock) as engine:
        assert heeded(engine) == latest


def test_whoever_likes_everything_comes_through_a_refit_and_a_reopening(
    tmp_path: Path, sqlite_template: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.deliver.table.likes.remembered_max", 4)
    path = tmp_path / "shop.db"
    path.write_bytes(sqlite_template.read_bytes())

    def state(engine: Engine) -> tuple[list[str], tuple[dict[int, list[int]], *tuple[object, ...]]]:
        """The history of the one who likes everything, and all that changed since the fit."""
        with engine._runtime.store.read() as connection:
            known = engine._runtime.surfaces._likes.state(connection)
        history = known.online.history(known.users.number("bot"))
        return [known.items.ids[item] for item in history], known.online.state()

    with Engine.open(str(path), clock=clock, seed=1) as engine:
        for name in "abcdefghij":
            video(engine, name, f"creator of {name}")
        for name in "abcdefgh":
            clock.advance(minutes=1)
            likes(engine, "bot", name)
        for fan in range(8):
            likes(engine, f"fan-{fan}", "a", "e", "f", "ij"[fan % 2])
        assert engine.deliver.refit()
        history, fitted = state(engine)
        assert history == list("efgh")
        assert fitted[0] == {}
        engine.deliver.unlike(UserId("bot"), ItemId("h"))
        clock.advance(minutes=1)
        likes(engine, "bot", "h")
        assert state(engine) == (history, fitted)
        likes(engine, "bot", "j")
        after = state(engine)
        assert set(feed(engine, "bot", size=10)) == {"i"}  # it likes all others
    with Engine.open(str(path), clock=clock, seed=2) as engine:
        assert state(engine) == after


def test_no_page_and_no_like_is_looked_for_among_all_of_its_kind(sqlite_engine: Engine) -> None:
    for n in range(3):
        video(sqlite_engine, f"v{n}", f"creator-{n}")
    likes(sqlite_engine, "fan", "v0", "v1")
    feed(sqlite_engine, "viewer")
    asked: list[tuple[str, object]] = []
    told = (sa.Engine, "before_cursor_execute", lambda *say: asked.append((say[2], say[3])))
    sa.event.listen(*told)
    likes(sqlite_engine, "viewer", "v0")
    feed(sqlite_engine, "viewer")
    sa.event.remove(*told)

    plans = [
        (step, statement)
        for statement, values in asked
        if statement.startswith("SELECT")
        for *_, step in _plan(sqlite_engine, statement, values)
    ]
    assert any("ix_item_surface_posted_at_id" in step for step, _ in plans)  # newest first
    for step, statement in plans:
        assert "(verb=?)" not in step
        assert "(surface=?)" not in step or "ORDER BY item.posted_at" in statement


def _plan(engine: Engine, statement: str, values: object) -> list[tuple[object, ...]]:
    with engine._runtime.store.read() as connection:
        raw = connection.connection.cursor()
        return list(raw.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall())


# A crash.

liking = """
import sys
from kouling import Engine
from kouling.ids import ItemId, UserId

with Engine.open(sys.argv[1]) as engine:
    for number in range(9_000):  # of three likes in a row the first is taken back
        liked = number % 3 < 2
        about = number if liked else number - 2
        user, item = UserId(f"fan-{about // 9}"), ItemId(f"v{about % 9}")
        (engine.deliver.like if liked else engine.deliver.unlike)(user, item)
        print(user, item, liked, flush=True)
"""


def test_likes_are_rebuilt_from_the_log_after_a_process_is_killed(target: str) -> None:
    with Engine.open(target) as engine:
        for number in range(9):
            video(engine, f"v{number}", f"creator-{number}")
    command = [sys.executable, "-c", liking, target]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        heard = [process.stdout.readline().split() for _ in range(50)]
        process.kill()
        heard += [line.split() for line in process.stdout if line.endswith("\n")]

    with Engine.open(target) as engine:
        with engine._runtime.store.read() as connection:
            query = sa.select(event_table.c.verb, event_table.c.request).order_by(event_table.c.seq)
            events = [
                (*json.loads(row.request), row.verb == "like")
                for row in connection.execute(
                    query.where(event_table.c.verb.in_(["like", "unlike"]))
                )
            ]
            known = engine._runtime.surfaces._likes.state(connection)
        likes(engine, "viewer", "v1")
        assert next(iter(reasons(engine, "viewer", size=1).values())) == "because you liked v1"
    told = [(user, item, liked == "True") for user, item, liked in heard]
    assert events[: len(told)] == told  # what was heard of is kept, in its order
    assert len(events) <= len(told) + 1
    for user in {user for user, _, _ in events}:
        history: dict[str, None] = {}
        for _, item, liked in (event for event in events if event[0] == user):
            if liked:
                history[item] = None
            else:
                history.pop(item)
        served = known.online.history(known.users.number(UserId(user)))
        assert [known.items.ids[item] for item in served] == list(history)


# Refits.


@pytest.fixture
def town(sqlite_engine: Engine) -> Engine:
    """Two tastes of ten videos, each with twelve fans who like most of them."""
    engine = sqlite_engine
    for taste in "ab":
        for number in range(10):
            video(engine, f"{taste}{number}", f"creator-{taste}{number}")
        for fan in range(12):
            likes(engine, f"fan-{taste}{fan}", *(f"{taste}{(fan + n) % 10}" for n in range(7)))
    return engine


def test_a_refit_serves_without_a_pause_and_takes_its_place_in_one_step(town: Engine) -> None:
    likes(town, "viewer", "a1", "a2")
    pages: list[int] = []
    done = threading.Event()

    def look() -> None:
        number = 0
        while not done.is_set():
            pages.append(len(feed(town, f"fan-b{number % 12}", size=1)))
            number += 1
            time.sleep(0.01)

    viewer = threading.Thread(target=look)
    viewer.start()
    assert town.deliver.refit()
    done.set()
    viewer.join()

    assert len(pages) > 10
    found = reasons(town, "viewer", size=4)
    assert all(item.startswith("a") for item in list(found)[:3])
    assert next(iter(found.values())).startswith("because you liked a")


def test_likes_after_a_refit_and_a_reopening_act_on_the_model(
    target: str, clock: ManualClock
) -> None:
    with Engine.open(target, clock=clock, seed=1) as engine:
        for name in "abcdef":
            video(engine, name, f"creator of {name}")
        for fan in range(8):
            likes(engine, f"fan-{fan}", "a", "b", *("cd" if fan % 2 else "e"))
        assert engine.deliver.refit()
        state = engine._runtime.surfaces._likes
        with engine._runtime.store.read() as connection:
            before = state.state(connection).online.state()
        likes(engine, "fan-0", "f")
        likes(engine, "viewer", "f")
        engine.deliver.unlike(UserId("fan-1"), ItemId("c"))
        with engine._runtime.store.read() as connection:
            after = state.state(connection).online.state()
    with Engine.open(target, clock=clock, seed=2) as engine:
        with engine._runtime.store.read() as connection:
            again = engine._runtime.surfaces._likes.state(connection).online.state()
        assert next(iter(reasons(engine, "viewer", size=3).values())) == "because you liked f"

    assert before == ({}, before[1], [[], [], []])
    if "://" not in target:  # on a server the models go with the engine unless a folder is set
        assert again == after != before


def test_a_refit_that_is_killed_leaves_the_old_model(town: Engine) -> None:
    town.deliver.refit()
    live = town._runtime.surfaces._likes
    folder = live._fits.folder
    assert isinstance(folder, Path)
    before = load_model(folder).manifest
    likes(town, "fan-a0", "b1", "b2", "b3")
    failed: list[BaseException] = []

    def refit() -> None:
        try:
            town.deliver.refit()
        except StoreError as error:
            failed.append(error)

    fitting = threading.Thread(target=refit)
    fitting.start()
    while live._fits.process is None:
        time.sleep(0.005)
    os.kill(live._fits.process.pid, signal.SIGKILL)
    fitting.join()

    assert "the model before it serves on" in str(failed[0])
    assert load_model(folder).manifest == before
    assert feed(town, "fan-b0", size=3)
    assert town.deliver.refit()
    assert load_model(folder).manifest != before


def test_a_damaged_model_is_as_none_and_the_feed_goes_on(
    tmp_path: Path, sqlite_template: Path, clock: ManualClock
) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(sqlite_template.read_bytes())
    folder = tmp_path / "shop.db.feed"
    folder.mkdir()
    (folder / "current").write_bytes(b"\xff nothing")
    with Engine.open(str(path), clock=clock) as engine:
        for name in "ab":
            video(engine, name, name)
        likes(engine, "fan", "a", "b")
        likes(engine, "viewer", "a")

        assert reasons(engine, "viewer", size=1) == {"b": "because you liked a"}


def test_there_is_nothing_to_fit_without_likes(engine: Engine) -> None:
    assert engine.deliver.refit() is False


def test_enough_new_likes_bring_a_refit_by_themselves(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.deliver.feed.refit.refit_likes_min", 10)
    for name in "abcd":
        video(sqlite_engine, name, name)
    feed(sqlite_engine, "viewer")
    for fan in range(5):
        likes(sqlite_engine, f"fan-{fan}", "a", "b", "cd"[fan % 2])
    feed(sqlite_engine, "fan-0")
    live = sqlite_engine._runtime.surfaces._likes
    assert live._fits.background is not None
    live._fits.background.join(60)

    assert live._state is not None
    assert live._state.fitted
