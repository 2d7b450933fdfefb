from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kouling import Engine
from kouling.clock import ManualClock
from kouling.deliver import Stage, StepKind, Trial, TrialStep, recompute, trial
from kouling.errors import NotFound
from kouling.ids import ItemId, UserId, random_bytes
from tests.deliver.feed import feed, likes, video
from tests.samples import item

noon = datetime(2018, 5, 29, 4, tzinfo=UTC)
viewer = UserId("viewer")


def of(id: str = "1", author: str = "creator", **fields: object) -> Trial:
    begun = {"guaranteed": 100, "started_at": noon, **fields}
    return Trial(item=ItemId(id), author=UserId(author), queued_at=noon, **begun)  # type: ignore[arg-type]  # any field


def crowd(engine: Engine, count: int, size: int = 1) -> Iterator[str]:
    """Let so many viewers look at their feeds."""
    for number in range(count):
        feed(engine, f"viewer-{number}", size=size)
        yield f"viewer-{number}"


# The pure functions.


@pytest.mark.parametrize(("weekly", "promised"), [(0, 50), (2_500, 50), (7_000, 140), (10**9, 300)])
def test_the_first_audience_is_two_percent_of_the_week_within_bounds(
    weekly: int, promised: int
) -> None:
    assert trial.first_audience(weekly) == promised


def test_stages_grow_fourfold_and_the_last_has_no_end() -> None:
    sizes = [trial.stage_limit(of(stage=stage)) for stage in Stage]

    assert sizes == [100, 400, 1_600, float("inf")]


def test_of_a_creator_one_item_is_in_a_stage_at_a_time() -> None:
    first, second = of("1"), replace(of("2"), guaranteed=0, started_at=None)
    other, later = of("3", "another"), of("4", stage=Stage.second, impressions=150)

    assert {t.item for t in trial.in_turn([second, first, other, later])} == {"1", "3", "4"}


def test_an_item_that_waits_for_the_bar_keeps_nobody_back() -> None:
    held, second = of("1", impressions=100), replace(of("2"), guaranteed=0, started_at=None)

    assert [t.item for t in trial.in_turn([held, second])] == ["2"]


def test_a_late_trial_keeps_its_promise_and_nobody_back() -> None:
    late, second = of("1", impressions=7), replace(of("2"), guaranteed=0, started_at=None)
    soon, later = noon + timedelta(hours=48), noon + timedelta(hours=49)

    assert [t.item for t in trial.running([late, second], soon)] == ["1"]
    assert [t.item for t in trial.running([late, second], later)] == ["1", "2"]


def test_half_of_the_first_audience_is_kept_for_look_alikes() -> None:
    shown, counts = of(), Counter[bool]()
    for _ in range(50):
        found = trial.promised_place([shown], {shown.item: False}, viewer, noon)
        assert found is not None
        shown = trial.apply_step(shown, found[1])
        counts[found[1].alike] += 1

    assert counts == {False: 50}
    assert trial.promised_place([shown], {shown.item: False}, viewer, noon) is None
    found = trial.promised_place([shown], {shown.item: True}, viewer, noon)
    assert found is not None
    assert found[1].alike


@pytest.mark.parametrize(("alike", "later"), [(None, timedelta()), (False, timedelta(hours=25))])
def test_places_of_look_alikes_who_can_not_come_are_anybodys(
    alike: bool | None, later: timedelta
) -> None:
    shown = of(impressions=50, alike=0)
    found = trial.promised_place([shown], {shown.item: alike}, viewer, noon + later)

    assert found is not None
    assert not found[1].alike


def test_a_promise_comes_before_any_draw_and_the_nearest_to_its_end_first() -> None:
    running = [of("1", "a", impressions=20, alike=10), of("2", "b", impressions=60, alike=30)]
    found = trial.promised_place(running, {}, viewer, noon)

    assert found is not None
    assert found[0].item == "2"


def test_the_better_item_wins_most_draws() -> None:
    good = of("good", stage=Stage.second, impressions=100, likes=12)
    poor = of("poor", stage=Stage.second, impressions=100, likes=2)
    chance = random_bytes(1)
    wins = Counter(
        found[0].item
        for _ in range(300)
        if (found := trial.drawn_place([poor, good], 0.05, viewer, chance, noon))
    )

    assert wins["good"] > 270
    assert wins.total() == 300


def test_one_seed_draws_the_same_items() -> None:
    running = [of(str(n), stage=Stage.second, impressions=100, likes=n) for n in range(10)]

    def drawn() -> list[object]:
        chance = random_bytes(7)
        return [trial.drawn_place(running, 0.05, viewer, chance, noon) for _ in range(20)]

    assert drawn() == drawn()


def test_the_bar_moves_with_those_that_finished_the_stage() -> None:
    shown = of(impressions=100, likes=6)
    low, high = [n / 1_000 for n in range(20, 40)], [n / 1_000 for n in range(80, 100)]
    steps = [trial.pass_or_hold(shown, rates, 0.05, noon) for rates in (low, high)]

    assert [step and step.kind for step in steps] == [StepKind.passed, StepKind.hold]
    assert steps[0]
    assert steps[0].bar == pytest.approx(0.0314)
    assert trial.pass_or_hold(of(impressions=99, likes=50), low, 0.05, noon) is None


def test_with_few_that_finished_the_pooled_rate_is_the_bar() -> None:
    assert trial.bar_of([0.5] * 9, 0.05) == 0.05
    assert trial.bar_of([0.5] * 10, 0.05) == 0.5


@pytest.mark.parametrize(
    ("shown", "hours", "ends"),
    [
        (of(impressions=100), 49, True),
        (of(impressions=100), 47, False),
        (of(impressions=99), 999, False),
        (of(impressions=400, passed_at=noon + timedelta(hours=10)), 49, False),
    ],
)
def test_a_trial_ends_after_48_hours_but_never_before_its_first_audience(
    shown: Trial, hours: int, ends: bool
) -> None:
    assert trial.has_expired(shown, noon + timedelta(hours=hours)) is ends


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0.001, 0.5), st.floats(0.001, 0.999))
def test_a_sampled_rate_is_a_rate_and_grows_with_its_chance(
    shown: int, part: float, mean: float, chance: float
) -> None:
    liked = int(shown * part)
    low, high = trial.sample_rates([shown] * 2, [liked] * 2, mean, [chance / 2, chance])

    assert 0 <= low <= high <= 1


# Through the engine.


def test_every_step_of_a_trial_can_be_computed_again_from_its_log(
    engine: Engine, clock: ManualClock
) -> None:
    for number in range(3):
        video(engine, f"v{number}", f"creator-{number}")
    for number, user in enumerate(crowd(engine, 170, size=3)):
        if number % 3 == 0:
            likes(engine, user, "v0")
        if number % 30 == 0:
            engine.deliver.unlike(UserId(user), ItemId("v0"))
        clock.advance(minutes=1)
    report = engine.deliver.trial(ItemId("v0"))

    start = replace(report.trial, guaranteed=0, stage=Stage.first, impressions=0, alike=0, likes=0)
    start = replace(start, started_at=None, passed_at=None, ended_at=None)
    assert reduce(trial.apply_step, report.steps, start) == report.trial
    assert tuple(map(recompute, report.steps)) == report.steps
    kinds = Counter(step.kind for step in report.steps)
    assert kinds[StepKind.passed] == 1
    assert kinds[StepKind.place] == report.trial.impressions > 50
    assert any(step.draws for step in report.steps)


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
        assert report.why.startswith("stage 1 of 4: shown to 50, liked by 0; it did not pass")


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

    assert engine.deliver.trial(first).why == (
        "stage 1 of 4: a first audience of 50 is promised; shown to 10, liked by 10 so far"
    )
    assert engine.deliver.trial(second).why.startswith("waiting for its first audience")
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
    assert engine.deliver.trial(new).why.startswith(
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
