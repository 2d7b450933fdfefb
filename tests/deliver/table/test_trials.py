"""Trials as an engine runs them."""

from concurrent.futures import ThreadPoolExecutor
from functools import reduce

import pytest
import sqlalchemy as sa

from kouling import Engine
from kouling.clock import ManualClock
from kouling.deliver import Stage, StepKind, Trial, TrialStep, trial
from kouling.deliver.table import trials
from kouling.deliver.table.schema import trial_table
from kouling.errors import NotFound
from kouling.ids import ItemId, UserId
from kouling.words import trial_of
from tests.conftest import noon
from tests.deliver.feed import crowd, feed, likes, video
from tests.samples import item

viewer = UserId("viewer")


def test_a_page_asks_no_more_of_the_database_for_more_trials_on_it(engine: Engine) -> None:
    for number in range(20):
        video(engine, f"v{number}", f"creator-{number}")
    feed(engine, "somebody")  # what is kept for ten minutes is asked for here

    def asked(viewer: str, size: int) -> int:
        statements: list[str] = []
        told = (sa.Engine, "before_cursor_execute", lambda *say: statements.append(say[2]))
        sa.event.listen(*told)
        assert len(feed(engine, viewer, size=size)) == size
        sa.event.remove(*told)
        return len(statements)

    assert asked("viewer-1", 2) == asked("viewer-2", 20)


def test_a_stage_that_a_page_fills_is_judged_after_the_places_before_it(engine: Engine) -> None:
    first, second = (video(engine, name, f"creator of {name}") for name in "ab")
    for user in crowd(engine, 49, size=2):
        likes(engine, user, first)
    feed(engine, "last", size=2)

    for new, place in ((first, 1), (second, 2)):
        *_, verdict = engine.deliver.trial(new).steps
        assert verdict.kind is (StepKind.passed if new == first else StepKind.hold)
        assert verdict.mean == trial.pooled_mean(49, 98 + place)


def test_pages_and_likes_at_once_leave_trials_that_their_logs_tell(engine: Engine) -> None:
    new = [video(engine, f"v{n}", f"creator-{n}") for n in range(3)]

    def look(number: int) -> None:
        user = f"viewer-{number}"
        shown = feed(engine, user, size=2)
        if number % 2:
            likes(engine, user, *shown)
        if number % 4 == 3:
            engine.deliver.unlike(UserId(user), ItemId(shown[0]))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, range(100)))

    for id in new:
        report = engine.deliver.trial(id)
        start = Trial(item=id, author=report.trial.author, queued_at=report.trial.queued_at)
        assert reduce(trial.apply_step, report.steps, start) == report.trial
        reached = [step.viewer for step in report.steps if step.kind == StepKind.place]
        assert len(reached) == len(set(reached)) == report.trial.impressions
    assert max(engine.deliver.trial(id).trial.impressions for id in new) >= 50


def test_every_new_item_gets_its_first_audience_and_no_more_before_it_passes(
    engine: Engine,
) -> None:
    new = [video(engine, f"v{n}", f"creator-{n}") for n in range(2)]
    liked = [video(engine, f"old-{n}", "old") for n in range(3)]
    likes(engine, "fan", *liked)
    for _ in crowd(engine, 60, size=5):
        pass

    for id in new:
        report = engine.deliver.trial(id)
        assert (report.trial.impressions, report.trial.stage) == (50, Stage.first)
        assert report.steps[-1].kind == StepKind.hold
        assert trial_of(report).startswith("stage 1 of 4: shown to 50, liked by 0; it did not pass")


def test_where_few_people_come_a_creators_next_item_is_not_kept_back_for_ever(
    engine: Engine, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.deliver.table.trials.trials_max", 1)  # late ones come last
    first, second = video(engine, "1"), video(engine, "2")
    for _ in crowd(engine, 5):
        pass
    clock.advance(hours=49)
    for _ in crowd(engine, 5):
        pass

    assert engine.deliver.trial(first).trial.impressions == 5
    assert engine.deliver.trial(first).trial.ended_at is None
    assert engine.deliver.trial(second).trial.impressions == 5


def test_a_creator_sees_stage_and_reason(engine: Engine) -> None:
    first, second = video(engine, "1"), video(engine, "2")
    for user in crowd(engine, 10):
        likes(engine, user, first)

    assert trial_of(engine.deliver.trial(first)) == (
        "stage 1 of 4: a first audience of 50 is promised; shown to 10, liked by 10 so far"
    )
    assert trial_of(engine.deliver.trial(second)).startswith("waiting for its first audience")
    with pytest.raises(NotFound):
        engine.deliver.trial(ItemId("nothing"))


def test_only_likes_of_those_whom_the_trial_reached_count(engine: Engine) -> None:
    new = video(engine, "new")
    (reached,) = crowd(engine, 1)
    likes(engine, reached, new)
    likes(engine, "friend of the creator", new)

    assert engine.deliver.trial(new).trial.likes == 1
    engine.deliver.unlike(UserId(reached), new)
    assert engine.deliver.trial(new).trial.likes == 0


def test_a_trial_that_does_not_pass_ends(engine: Engine, clock: ManualClock) -> None:
    new = video(engine, "new")
    for _ in crowd(engine, 51):
        pass
    clock.advance(hours=49)
    video(engine, "newer", "another")
    feed(engine, "late", size=1)

    assert engine.deliver.trial(new).trial.ended_at == clock.at
    assert trial_of(engine.deliver.trial(new)).startswith(
        "ended: shown to 50, liked by 0; it did not pass"
    )


def test_an_item_that_is_not_of_the_interest_feed_has_no_trial(engine: Engine) -> None:
    engine.gate(item("1"))

    with pytest.raises(NotFound, match="no trial"):
        engine.deliver.trial(ItemId("1"))


def test_look_alikes_of_the_creators_audience_get_their_half(engine: Engine) -> None:
    old = [video(engine, f"old-{n}", "creator") for n in range(3)]
    for n in range(30):
        likes(engine, f"viewer-{n}", *old)
    new = video(engine, "new", "creator")
    for _ in crowd(engine, 60, size=20):
        pass

    places = [s for s in engine.deliver.trial(new).steps if s.kind == StepKind.place]
    assert {s.viewer for s in places if s.alike} == {f"viewer-{n}" for n in range(25)}
    assert isinstance(places[0], TrialStep)
    assert sum(not s.alike for s in places) == 25


def test_trials_that_wait_for_the_bar_keep_no_new_item_from_its_audience(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cap counts trials that can take a place: not the full ones, nor all of one creator."""
    monkeypatch.setattr(trials, "trials_max", 3)
    for number in range(4):
        sqlite_engine.gate(item(f"full{number}", surface="interest", author=UserId(f"a{number}")))
    for number in range(4):
        sqlite_engine.gate(item(f"many{number}", surface="interest", author=UserId("busy")))
    sqlite_engine.gate(item("new", surface="interest", author=UserId("newcomer")))
    full = trial_table.c.item.startswith("full")
    filled = trial_table.update().where(full).values(guaranteed=50, impressions=50, started_at=noon)
    sqlite_engine._runtime.store.write(lambda c: c.execute(filled))

    with sqlite_engine._runtime.read() as connection:
        waiting = trials.trials_waiting(connection, noon)

    assert [trial.item for trial in waiting] == ["many0", "new", "many1"]
