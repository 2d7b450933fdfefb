"""One author's pictures cost the others little, and a used worker's fault costs no picture."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from kouling import Engine, Visibility, bundled_policy
from kouling.gate import Decision
from kouling.gate.gallery import budget
from kouling.ids import UserId
from kouling.words import evidence_of
from tests.picture.samples import card, foreign_lines, png, saved
from tests.samples import item

hostile, other = UserId("hostile"), UserId("other")


@pytest.fixture
def policed(sqlite_engine: Engine) -> Engine:
    sqlite_engine.gate.policies.activate(bundled_policy("moments-2018"))
    return sqlite_engine


def gate(engine: Engine, id: str, picture: bytes, author: UserId) -> Decision:
    return engine.gate(item(id, "", pictures=(picture,), author=author))


def why(decision: Decision) -> str:
    return " ".join(words for signal in decision.signals for words in evidence_of(signal))


@contextmanager
def workers_killed(engine: Engine, times: int) -> Iterator[None]:
    """Kill the next workers that are given a picture, so many."""
    pool, done, killed = engine._runtime.gallery.pool, threading.Event(), set[int]()

    def kill() -> None:
        while len(killed) < times and not done.is_set():
            for process in list(pool._all):
                if process._pictures and process.pid not in killed:
                    killed.add(process.pid)
                    with suppress(ProcessLookupError):
                        os.kill(process.pid, signal.SIGKILL)
            time.sleep(0.001)

    thread = threading.Thread(target=kill)
    thread.start()
    yield
    done.set()
    thread.join()
    assert len(killed) == times


def test_a_picture_whose_worker_died_once_is_looked_into_by_another(policed: Engine) -> None:
    with workers_killed(policed, 1):
        decision = gate(policed, "1", saved(card("你好")), other)

    assert decision.visibility is Visibility.allow, why(decision)


def test_a_picture_that_ends_every_worker_is_given_to_none_again(policed: Engine) -> None:
    picture = saved(card("你好"))
    with workers_killed(policed, 2):
        first = gate(policed, "1", picture, hostile)

    again = gate(policed, "2", picture, hostile)

    assert first.rules == again.rules == ("not-inspected",)
    assert "worker died" in why(first)
    assert why(again) == why(first)


def test_what_a_picture_takes_is_charged_to_its_author(
    policed: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "author_seconds_max", 0.001)
    gate(policed, "1", saved(card("你好")), hostile)

    over = gate(policed, "2", png(9, 9), hostile)
    others = gate(policed, "3", png(10, 10), other)

    assert over.rules == ("not-inspected",)
    assert "processor time of an author" in why(over)
    assert others.visibility is Visibility.allow


def test_an_author_with_many_pictures_does_not_keep_others_waiting(policed: Engine) -> None:
    """With one of two workers left to the others, they wait as long as ever."""
    before = policed.gate(item("w", "", pictures=(saved(card("早上好")),), author=other))
    assert before.visibility is Visibility.allow
    started: list[int] = []

    def post(number: int) -> None:
        started.append(number)
        gate(policed, f"h{number}", saved(card(*foreign_lines, str(number))), hostile)

    def timed(post: Callable[[], object]) -> float:
        began = time.monotonic()
        post()
        return time.monotonic() - began

    threads = [threading.Thread(target=post, args=(number,)) for number in range(12)]
    all_of_them = time.monotonic()
    for thread in threads:
        thread.start()
    while len(started) < len(threads):
        time.sleep(0.001)
    waited = timed(lambda: gate(policed, "1", saved(card("晚上好")), other))
    for thread in threads:
        thread.join()

    assert waited < (time.monotonic() - all_of_them) / 2
