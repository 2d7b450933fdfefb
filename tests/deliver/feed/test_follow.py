"""Likes act at once, for every engine over a database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st

from kouling import Engine
from kouling.clock import ManualClock
from kouling.eventlog import event_table
from kouling.ids import ItemId, UserId
from tests.deliver.feed import feed, likes, reasons, video


def test_a_like_acts_on_the_next_page(engine: Engine, videos: list[str]) -> None:
    likes(engine, "fan-0", "v1", "v2")
    likes(engine, "viewer", "v1")

    assert reasons(engine, "viewer", size=4)["v2"] == "because you liked v1"


def test_a_new_item_is_recommended_from_its_first_like(engine: Engine, videos: list[str]) -> None:
    likes(engine, "fan-0", "v1")
    likes(engine, "viewer", "v1")
    feed(engine, "viewer", size=3)  # the state is loaded before the new item comes
    new = video(engine, "new", "newcomer")
    likes(engine, "fan-0", new)

    assert reasons(engine, "viewer", size=4)["new"] == "because you liked v1"


def test_an_unlike_takes_back_what_the_like_did(engine: Engine, videos: list[str]) -> None:
    likes(engine, "fan-0", "v1", "v2")
    likes(engine, "viewer", "v1")
    engine.deliver.unlike(UserId("fan-0"), ItemId("v2"))

    assert "because you liked v1" not in reasons(engine, "viewer").values()


def test_likes_are_there_after_the_engine_is_opened_again(target: str, clock: ManualClock) -> None:
    with Engine.open(target, clock=clock) as engine:
        for name in ("a", "b", "c"):
            video(engine, name, f"creator of {name}")
        likes(engine, "fan-0", "a", "b", "c")
        engine.deliver.unlike(UserId("fan-0"), ItemId("c"))
        likes(engine, "viewer", "a")
    with Engine.open(target, clock=clock) as engine:
        assert reasons(engine, "viewer", size=4)["b"] == "because you liked a"


def test_two_engines_over_one_database_see_each_others_likes(
    engine: Engine, target: str, clock: ManualClock, videos: list[str]
) -> None:
    likes(engine, "viewer", "v1")
    feed(engine, "viewer", size=1)
    with Engine.open(target, clock=clock) as other:
        likes(other, "fan-0", "v1", "v7")

    assert reasons(engine, "viewer", size=4)["v7"] == "because you liked v1"


users, items = 5, 12


events = st.lists(
    st.tuples(st.booleans(), st.integers(0, users), st.integers(0, items + 3)), max_size=60
)


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


def test_no_page_and_no_like_is_looked_for_among_all_of_its_kind(sqlite_engine: Engine) -> None:
    for n in range(3):
        video(sqlite_engine, f"v{n}", f"creator-{n}")
    likes(sqlite_engine, "fan", "v0", "v1")
    feed(sqlite_engine, "viewer")
    asked: list[tuple[str, Any]] = []
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


def _plan(engine: Engine, statement: str, values: Any) -> list[tuple[Any, ...]]:
    with engine._runtime.store.read() as connection:
        raw = connection.connection.cursor()
        return list(raw.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall())


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
        assert next(iter(reasons(engine, "viewer", size=4).values())) == "because you liked v1"
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

        assert reasons(engine, "viewer", size=4)["b"] == "because you liked a"
