"""Workers: they come and go, and whatever they do, the caller gets an answer or a reason."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from fuzz.pictures import broken, look, memory_mb_max
from kouling.picture import pool as pool_module
from kouling.picture.message import Question
from kouling.picture.pool import Lost, Pool
from tests.picture.samples import card, saved


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    opened = Pool(1)
    yield opened
    opened.close()


def pid_of(pool: Pool) -> int:
    gc.collect()  # those that are ended, and held by the error that a test caught alone
    (process,) = list(pool._all)
    return process.pid


def test_broken_pictures_are_decided_or_refused_within_the_memory_promised(pool: Pool) -> None:
    """`python -m fuzz.pictures` does the same with ten thousand."""
    found = [look(pool, broken(seed), lines=seed % 50 == 0) for seed in range(300)]

    assert {outcome for outcome, _ in found} <= {"looked at", "refused"}
    assert max(memory for _, memory in found) <= memory_mb_max


def test_a_killed_worker_is_a_reason_and_the_next_picture_gets_another(pool: Pool) -> None:
    picture = saved(card("好"))
    with pool.session() as session:
        session.ask(Question(step="open", picture=picture))
        os.kill(pid_of(pool), signal.SIGKILL)
        with pytest.raises(Lost, match="worker died: -9"):
            session.ask(Question(step="imprint"))
    gc.collect()

    assert look(pool, picture, lines=False)[0] == "looked at"


def test_a_worker_that_hangs_is_ended_at_the_deadline(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "step_seconds_max", 0.2)
    with pool.session() as session:
        session.ask(Question(step="open", picture=saved(card("好"))))
        os.kill(pid_of(pool), signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(Lost, match="worker late: "):
            session.ask(Question(step="imprint"))

    assert time.monotonic() - began < 5


def test_workers_are_replaced_after_their_share(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(pool, saved(card("好")), lines=False)
    first = pid_of(pool)
    monkeypatch.setattr(pool_module, "pictures_per_worker", 1)
    look(pool, saved(card("好")), lines=False)
    gc.collect()

    assert first not in {process.pid for process in pool._all}


def test_a_closed_pool_gives_a_reason_and_leaves_no_process() -> None:
    pool = Pool(1)
    look(pool, saved(card("好")), lines=False)
    pid = pid_of(pool)
    pool.close()

    assert "stopped" in look(pool, b"x", lines=False)[0]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_closing_while_a_worker_is_busy_ends_it() -> None:
    pool = Pool(1)
    outcome: list[str] = []
    picture = saved(card(*["复制这段描述 a1B2c3D4"] * 6))
    thread = threading.Thread(target=lambda: outcome.append(look(pool, picture, lines=True)[0]))
    thread.start()
    while not pool._all:
        time.sleep(0.01)
    pool.close()
    thread.join(20)

    assert not thread.is_alive()
    assert outcome


def test_an_interpreter_that_forgets_its_pool_ends_and_takes_the_worker_along() -> None:
    program = (
        "from kouling.picture.pool import Pool\n"
        "from kouling.picture.message import Question\n"
        "pool = Pool(1)\n"
        "with pool.session() as session:\n"
        "    session.ask(Question(step='open', picture=b'x'))\n"
        "print(*[process.pid for process in pool._all])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_the_worker_holds_none_of_the_rooms(pool: Pool) -> None:
    """No keys, no database driver: nothing to be had in a process that decodes hostile bytes."""
    look(pool, saved(card("好")), lines=True)
    mapped = subprocess.run(
        ["cat", f"/proc/{pid_of(pool)}/maps"], capture_output=True, text=True, check=True
    ).stdout

    assert "sqlite" not in mapped
    assert "psycopg" not in mapped
    assert "hyperscan" not in mapped


def test_a_worker_with_little_memory_left_is_replaced(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(pool, saved(card("好")), lines=False)
    first = pid_of(pool)
    monkeypatch.setattr(pool_module, "room_mb_min", 10_000)
    look(pool, saved(card("好")), lines=False)
    gc.collect()

    assert first not in {process.pid for process in pool._all}


def test_a_worker_that_has_worked_long_is_replaced(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(pool, saved(card("好")), lines=False)
    first = pid_of(pool)
    monkeypatch.setattr(pool_module, "cpu_seconds_per_worker", 0.001)
    look(pool, saved(card("好")), lines=False)
    gc.collect()

    assert first not in {process.pid for process in pool._all}
