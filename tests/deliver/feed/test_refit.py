"""The change from one model to the next."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from kouling import Engine
from kouling.clock import ManualClock
from kouling.deliver.table import load_likes
from kouling.errors import StoreError
from kouling.ids import ItemId, UserId
from kouling.interest import (
    ModelKind,
    Names,
    Options,
    fit_model,
    load_model,
    matrix_of,
    save_model,
)
from tests.deliver.feed import feed, likes, reasons, video


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


@pytest.fixture
def tastes(sqlite_engine: Engine) -> Engine:
    """Two tastes of ten videos, each with twelve fans who like most of them."""
    engine = sqlite_engine
    for taste in "ab":
        for number in range(10):
            video(engine, f"{taste}{number}", f"creator-{taste}{number}")
        for fan in range(12):
            likes(engine, f"fan-{taste}{fan}", *(f"{taste}{(fan + n) % 10}" for n in range(7)))
    return engine


def test_a_refit_serves_without_a_pause_and_takes_its_place_in_one_step(tastes: Engine) -> None:
    likes(tastes, "viewer", "a1", "a2")
    pages: list[int] = []
    done = threading.Event()

    def look() -> None:
        number = 0
        while not done.is_set():
            pages.append(len(feed(tastes, f"fan-b{number % 12}", size=1)))
            number += 1
            time.sleep(0.01)

    viewer = threading.Thread(target=look)
    viewer.start()
    assert tastes.deliver.refit()
    done.set()
    viewer.join()

    assert len(pages) > 10
    found = reasons(tastes, "viewer", size=4)
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
        assert next(iter(reasons(engine, "viewer", size=4).values())) == "because you liked f"

    assert before == ({}, before[1], [[], [], []])
    if "://" not in target:  # on a server the models go with the engine unless a folder is set
        assert again == after != before


def fit_here(engine: Engine) -> Path:
    """Keep a simple model of the likes up to now, without a process that fits it."""
    with engine._runtime.store.read() as connection:
        likes = load_likes(connection)
    matrix = matrix_of(likes.users, likes.items, (Names(), Names()))
    folder = engine._runtime.surfaces._likes._fits.folder
    assert isinstance(folder, Path)
    save_model(fit_model(matrix, Options(kind=ModelKind.popularity)), folder, matrix)
    return folder


def test_a_refit_that_is_killed_leaves_the_old_model(tastes: Engine) -> None:
    fits, folder = tastes._runtime.surfaces._likes._fits, fit_here(tastes)
    before = load_model(folder).manifest
    likes(tastes, "fan-a0", "b1", "b2", "b3")
    failed: list[BaseException] = []

    def refit() -> None:
        try:
            tastes.deliver.refit()
        except StoreError as error:
            failed.append(error)

    fitting = threading.Thread(target=refit)
    fitting.start()
    while fits.process is None:
        time.sleep(0.005)
    os.kill(fits.process.pid, signal.SIGKILL)
    fitting.join()

    assert "the model before it serves on" in str(failed[0])
    assert load_model(folder).manifest == before
    assert feed(tastes, "fan-b0", size=3)
    assert tastes.deliver.refit()
    assert load_model(folder).manifest != before


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
