"""The steps of a trial, and their computing again."""

from collections import Counter
from functools import reduce

import pytest
from msgspec.structs import replace

from kouling import Engine
from kouling.clock import ManualClock
from kouling.deliver import Stage, StepKind, recompute, trial
from kouling.ids import ItemId, UserId
from tests.conftest import noon
from tests.deliver.feed import crowd, likes, video
from tests.deliver.trial import of


def test_the_bar_moves_with_those_that_finished_the_stage() -> None:
    shown = of(impressions=100, likes=6)
    low, high = [n / 1_000 for n in range(20, 40)], [n / 1_000 for n in range(80, 100)]
    steps = [trial.pass_or_hold(shown, rates, 0.05, noon) for rates in (low, high)]

    assert [step and step.kind for step in steps] == [StepKind.passed, StepKind.hold]
    assert steps[0]
    assert steps[0].bar == pytest.approx(0.0314)
    assert trial.pass_or_hold(of(impressions=99, likes=50), low, 0.05, noon) is None


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
