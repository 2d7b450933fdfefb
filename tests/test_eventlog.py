"""The event log: keys, repeated requests, and time that does not run backwards."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine
from kouling.clock import ManualClock, now
from kouling.errors import ClockWentAhead, ClockWentBack, IdempotencyConflict, InvalidInput
from kouling.eventlog import (
    ahead_of_log_max,
    ahead_of_server_max,
    event_table,
    key_length_max,
    natural_key,
    skew_seconds_max,
)
from kouling.gate import Subject, SubjectKind
from tests.conftest import fresh_postgres, noon
from tests.samples import foreign_text, friend, item, offer, seller, stranger

parts = st.lists(st.text(max_size=200), max_size=4)


@given(parts, parts)
def test_keys_of_different_parts_are_different(one: list[str], other: list[str]) -> None:
    assert (natural_key(*one) == natural_key(*other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("ab", "c"), ("a", "bc")), (('a","b',), ("a", "b")), (("a", ""), ("a",)), ((), ("",))],
)
def test_a_key_keeps_the_bounds_of_its_parts(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert natural_key(*one) != natural_key(*other)


@given(st.lists(st.text(max_size=2_000), max_size=4))
def test_a_natural_key_fits_its_column(parts: list[str]) -> None:
    assert len(natural_key(*parts)) <= key_length_max


@pytest.mark.parametrize(
    "key", ["", "x" * (key_length_max + 1), "two\nlines", "nul\0", "\ud800", "\u200b"]
)
def test_a_key_that_can_not_be_kept_is_refused(engine: Engine, key: str) -> None:
    if key:
        with pytest.raises(InvalidInput, match="idempotency key"):
            engine.redeem(foreign_text, buyer=friend, idempotency_key=key)
    assert events(engine) == []


def test_the_longest_key_is_kept(engine: Engine) -> None:
    refusal = engine.redeem(foreign_text, buyer=friend, idempotency_key="键" * key_length_max)

    assert [(event.verb, len(event.key)) for event in events(engine)] == [("redeem", 512)]
    assert engine.redeem(foreign_text, buyer=friend, idempotency_key="键" * 512) == refusal


def test_a_key_again_is_answered_from_the_log(engine: Engine, clock: ManualClock) -> None:
    code = engine.mint(offer(), sharer=seller).code
    first = engine.redeem(code, buyer=friend, idempotency_key="one")
    clock.advance(days=2)  # a redemption of its own, were it not for the key

    assert engine.redeem(code, buyer=friend, idempotency_key="one") == first
    assert [event.verb for event in events(engine)] == ["mint", "redeem"]


def test_a_key_again_with_another_body_is_a_conflict(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=seller).code
    engine.redeem(code, buyer=friend, idempotency_key="one")

    with pytest.raises(IdempotencyConflict):
        engine.redeem(code, buyer=stranger, idempotency_key="one")


def test_one_key_serves_each_verb_once(engine: Engine) -> None:
    subject = Subject(SubjectKind.user, seller)
    engine.gate.ban(subject, "spam", idempotency_key="1")
    engine.gate.lift(subject, idempotency_key="1")
    engine.gate.ban(subject, "spam", idempotency_key="1")

    assert [(event.verb, event.key) for event in events(engine)] == [("ban", "1"), ("lift", "1")]


def test_what_fails_leaves_no_event(engine: Engine) -> None:
    with pytest.raises(InvalidInput):
        engine.mint(offer(), sharer=seller, parent="11111111111")

    assert events(engine) == []


def test_a_clock_that_lags_a_little_keeps_the_logs_time(engine: Engine, clock: ManualClock) -> None:
    engine.people.follow(seller, friend)
    clock.advance(seconds=-skew_seconds_max)
    decision = engine.gate(item("late"))

    assert decision.decided_at == noon
    assert times(engine) == [noon, noon]


def test_a_clock_that_went_back_writes_nothing(engine: Engine, clock: ManualClock) -> None:
    engine.people.follow(seller, friend)
    clock.advance(seconds=-skew_seconds_max, microseconds=-1)

    with pytest.raises(ClockWentBack, match="nothing was written"):
        engine.gate(item("late"))
    assert times(engine) == [noon]
    with engine._runtime.store.read() as connection:
        assert connection.execute(sa.text("SELECT id FROM item")).all() == []


def test_a_clock_that_went_back_still_answers_what_was_asked_before(
    engine: Engine, clock: ManualClock
) -> None:
    decision = engine.gate(item("one"))
    clock.advance(days=-1)

    assert engine.gate(item("one")) == decision


def test_a_small_lag_does_not_add_up(engine: Engine, clock: ManualClock) -> None:
    """The lag is measured against the newest event, whatever the clock showed before it."""
    engine.people.follow(seller, friend)
    clock.advance(seconds=-3)
    engine.people.follow(seller, stranger)
    clock.advance(seconds=-3)

    with pytest.raises(ClockWentBack):
        engine.people.follow(stranger, seller)


def test_events_keep_the_order_of_time(engine: Engine, clock: ManualClock) -> None:
    for number in range(6):
        clock.advance(seconds=[4, -4, 1][number % 3])
        engine.gate(item(f"item-{number}"))

    assert times(engine) == sorted(times(engine))
    assert times(engine)[-1] <= noon + timedelta(seconds=9)


def events(engine: Engine) -> list[sa.Row[Any]]:
    with engine._runtime.store.read() as connection:
        return list(connection.execute(sa.select(event_table).order_by(event_table.c.seq)))


def times(engine: Engine) -> list[datetime]:
    return [event.at for event in events(engine)]


# A clock that is ahead would end all writing until its time has come.


@pytest.mark.parametrize("days", [366, 365_000])
def test_a_clock_far_ahead_is_refused_and_harms_nothing(
    engine: Engine, clock: ManualClock, days: int
) -> None:
    engine.people.follow(seller, friend)
    engine.people.befriend(seller, friend)
    engine.gate(item("one"))
    clock.advance(days=days)
    acts = (
        lambda: engine.gate(item("two")),
        lambda: engine.mint(offer(), sharer=seller),
        lambda: engine.deliver(friend, "moments"),
        lambda: engine.mint.keys.rotate(),
    )
    for act in acts:
        with pytest.raises(ClockWentAhead, match=r"newest event is of 2018-05-29.*database clock"):
            act()
    clock.at = noon + timedelta(minutes=1)

    engine.gate(item("three"))
    engine.mint(offer(), sharer=seller)
    assert [place.item.id for place in engine.deliver(friend, "moments").places] == ["three", "one"]
    assert times(engine) == [noon, noon, noon, clock.at, clock.at]


def test_a_database_may_rest_for_half_a_year(engine: Engine, clock: ManualClock) -> None:
    engine.people.follow(seller, friend)
    clock.advance(days=ahead_of_log_max.days)

    engine.gate(item("after the rest"))
    assert times(engine) == [noon, clock.at]


def test_a_server_knows_that_a_clock_is_ahead_before_the_log_does(postgres: str) -> None:
    clock = ManualClock(now() + timedelta(days=2))
    with Engine.open(fresh_postgres(postgres), clock=clock) as engine:
        with pytest.raises(ClockWentAhead, match="database's server has"):
            engine.gate(item("one"))
        clock.at = now() + ahead_of_server_max / 2
        engine.gate(item("one"))
        assert engine.mint(offer(), sharer=seller)  # by a key that was made two days ahead


def test_a_clock_ahead_that_a_person_has_seen_is_gone_by(
    engine: Engine, clock: ManualClock
) -> None:
    engine.people.follow(seller, friend)
    assert engine.database.clock().problem is None
    clock.advance(days=400)
    assert "newest event is of 2018-05-29" in str(engine.database.clock().problem)

    assert engine.database.clock(accept=True).problem is None
    engine.gate(item("one"))
    assert times(engine) == [noon, clock.at, clock.at]


def test_a_log_that_is_ahead_stands_still_once_a_person_has_seen_it(
    engine: Engine, clock: ManualClock
) -> None:
    wrong = clock.advance(days=100)  # within what a shop may rest
    engine.people.follow(seller, friend)
    clock.at = noon
    with pytest.raises(ClockWentBack, match="database clock"):
        engine.gate(item("one"))
    assert "newest event is of 2018-09-06" in str(engine.database.clock().problem)
    with pytest.raises(ClockWentBack):
        engine.gate(item("one"))  # to look is not to accept

    engine.database.clock(accept=True)
    for hours in range(3):
        clock.at = noon + timedelta(hours=hours)
        engine.gate(item(f"item-{hours}"))
    assert engine.database.clock().problem is None
    clock.at = wrong + timedelta(days=1)
    engine.gate(item("caught up"))
    assert times(engine) == [wrong] * 5 + [clock.at]
    clock.at = noon
    with pytest.raises(ClockWentBack):  # what was accepted was for then
        engine.gate(item("late"))


def test_the_first_clock_of_a_database_may_be_set_back(tmp_path: Path, clock: ManualClock) -> None:
    """Its key ring is as old as time, and asked for again whatever the clock did."""
    clock.advance(days=9_999)
    with Engine.open(str(tmp_path / "shop.db"), clock=clock) as engine:
        clock.at = noon
        assert engine.mint(offer(), sharer=seller)
