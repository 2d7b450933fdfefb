"""A process that is killed between any two steps leaves all or nothing, and can be told again.

What a second telling does once more, because its request has no key that would tell it apart:
`ban`, `lift`, `allow_hosts` and `register_issuer` (the outcome is the same, the event is logged
again; `lift` is `NotFound` after a lift that was done), `rotate_key` (one more key), and the times
of impressions.
"""

from __future__ import annotations

import inspect
import itertools
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from kouling.mint import ShareCode
from tests.conftest import fresh_postgres
from tests.crash import story
from tests.crash.state import canonical, canonical_answer, check, tables
from tests.crash.story import Task, fresh_key_steps, mint_steps, steps
from tools import build_verb_page

killed, done = -9, 0
after_all = 1_000_000
"""A point that no step has: it is died at once the step is done."""

stride = 16
"""Beside the first statement of each kind, every n-th point is died at."""

stride_of_opening = 16
write_begins = ("BEGIN IMMEDIATE", "SELECT pg_advisory_xact_lock")

Fresh = Callable[[], str]
Point = tuple[int, int, str]


class Heard(NamedTuple):
    """What a telling said before it ended: the answers by step, the points, and how it ended."""

    answers: dict[str, Any]
    points: list[Point]
    exit: int


class Teller:
    """A process that tells stories, each in a fork of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def tell(self, task: Task) -> Heard:
        """Have a task told and return what was heard of it."""
        assert self.process.stdin is not None
        self.process.stdin.write(msgspec.json.encode(task) + b"\n")
        self.process.stdin.flush()
        heard = Heard({}, [], done)
        for line in self.process.stdout or ():
            said = msgspec.json.decode(line)
            if "exit" in said:
                return heard._replace(exit=said["exit"])
            if "point" in said:
                heard.points.append(tuple(said["point"]))
            else:
                heard.answers[said["step"]] = said["answer"]
        raise AssertionError("the teller is gone")

    def die(self, task: Task) -> Heard:
        """Have a task told that ends in a crash."""
        heard = self.tell(task)
        assert heard.exit == killed
        return heard


@pytest.fixture(scope="module")
def teller() -> Iterator[Teller]:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.crash.story"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield Teller(process)


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Each call gives one more database that has Kouling's tables."""
    if request.param == "postgres":
        postgres: str = request.getfixturevalue("postgres")
        return lambda: fresh_postgres(postgres)
    template: Path = request.getfixturevalue("sqlite_template")
    numbers = itertools.count()

    def copy() -> str:
        path = tmp_path / f"shop-{next(numbers)}.db"
        path.write_bytes(template.read_bytes())
        return str(path)

    return copy


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Each call gives one more database without any tables."""
    numbers = itertools.count()
    if request.param == "sqlite":
        return lambda: str(tmp_path / f"empty-{next(numbers)}.db")
    template: str = request.getfixturevalue("postgres")

    def make() -> str:
        name = f"empty_{next(numbers)}"
        server = template.replace("kouling_template", "postgres")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return template.replace("kouling_template", name)

    return make


def test_a_crash_within_a_verb_is_as_if_it_was_never_asked(fresh: Fresh, teller: Teller) -> None:
    """Each step is died in at many points, then done without being heard of; then all again."""
    untouched, target = fresh(), fresh()
    expected = teller.tell(Task(untouched, trace=True))
    teller.die(Task(target, kill=(0, after_all)))
    before = check(target)
    codes: dict[str, ShareCode] = {}
    for number, (name, _) in enumerate(steps, 1):
        task = Task(target, first=number, last=number, codes=codes)
        for point in _chosen(expected.points, number):
            teller.die(replace(task, kill=(number, point)))
            assert check(target) == before, f"{name} is half done at point {point}"
        teller.die(replace(task, kill=(number, after_all)))
        before = check(target)
        if name in mint_steps:
            codes[name] = msgspec.convert(teller.tell(task).answers[name], ShareCode)
            assert check(target) == before, f"{name} is done twice"
    _tell_again(teller, Task(target, not_before=len(steps)), (untouched, expected))


def test_a_story_is_told_again_from_its_start_after_each_crash(
    fresh: Fresh, teller: Teller
) -> None:
    untouched, target, chance = fresh(), fresh(), random.Random(29)
    expected = teller.tell(Task(untouched, trace=True))
    reached = 0
    for step, point, _ in chance.sample(expected.points, 6):
        teller.die(Task(target, kill=(step, point), not_before=reached))
        check(target)
        reached = max(reached, step)
    _tell_again(teller, Task(target, not_before=reached), (untouched, expected))


def test_a_story_is_told_again_after_crashes_at_any_moment(fresh: Fresh, teller: Teller) -> None:
    """The moments are not between statements alone: this one can hit the midst of a commit."""
    untouched, target, chance = fresh(), fresh(), random.Random(30)
    expected = teller.tell(Task(untouched))
    reached = 0
    for _ in range(6):
        after = chance.uniform(0.02, 0.2)
        heard = teller.tell(Task(target, after=after, not_before=reached))
        assert heard.exit in (killed, done)
        check(target)
        reached = max(reached, min(len(heard.answers) + 1, len(steps)))
    _tell_again(teller, Task(target, not_before=reached), (untouched, expected))


def test_a_crash_while_a_new_database_is_set_up_leaves_it_empty(
    empty: Fresh, teller: Teller
) -> None:
    first, target = empty(), empty()
    opening = teller.tell(Task(first, last=0, trace=True))
    begun = 0
    for _, point, statement in opening.points[::stride_of_opening]:
        teller.die(Task(target, kill=(0, point)))
        begun += "CREATE TABLE" in statement
        assert tables(target) in (set(), tables(first)), f"half set up before {statement}"
    assert begun > 0
    assert teller.tell(Task(target)).exit == done
    check(target)


def test_the_story_has_every_verb_that_writes() -> None:
    reads = {"gate.decision", "gate.annotated", "gate.queue", "deliver.trial", "deliver.reach"}
    reads |= {"deliver.placements.spent", "insight", "insight.overlap", "insight.steadiness"}
    reads |= {f"settle.ledger.{name}" for name in ("balances", "entries", "trial_balance")}
    reads |= {f"settle.ledger.{name}" for name in ("head", "verify", "export")}
    reads |= {"settle.sales.state", "settle.sales.waiting"}
    reads |= {"database.check", "mint.codes", "gate.policies.in_force", "gate.policies.list"}
    reads |= {f"gate.{name}" for name in ("bans", "inspect", "issuers", "items")}
    beside = {"deliver.refit"}  # its files are not the database's: tests/deliver/feed/test_refit.py
    beside |= {"settle.charges.post"}  # of an earlier version: tests/deliver/table/test_market.py
    verbs = {verb.name for verb in build_verb_page.verbs()}
    told = set(re.findall(r"engine\.([\w.]+)\(", inspect.getsource(story)))

    assert reads | beside <= verbs
    verbs -= reads | beside
    assert verbs - told == set()


def _chosen(points: list[Point], number: int) -> list[int]:
    """Return where to die in a step: first statements of their kind, and others by the stride.

    What comes after the commit of the step's last write is like its end.
    """
    first = {statement: place for place, (*_, statement) in reversed([*enumerate(points)])}
    chosen = {*first.values(), *range(0, len(points), stride)}
    own = [(place, point, sql) for place, (step, point, sql) in enumerate(points) if step == number]
    writes = [point for _, point, sql in own if sql.startswith(write_begins)]
    commits = [point for _, point, sql in own if sql == "COMMIT" and writes and point > writes[-1]]
    return [p for place, p, _ in own if place in chosen and p <= min(commits, default=p)]


def _tell_again(teller: Teller, task: Task, untouched: tuple[str, Heard]) -> None:
    """Tell all of it once more: answers and database are those of a story without a crash."""
    heard = teller.tell(task)
    assert heard.exit == done
    state, plain = check(task.target), check(untouched[0])
    assert canonical(state) == canonical(plain)
    for name, answer in untouched[1].answers.items():
        if name not in fresh_key_steps:
            again = canonical_answer(state, heard.answers[name])
            assert again == canonical_answer(plain, answer), name
