"""How large stages are, whose turn it is, and when a trial ends."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from kouling.deliver import Stage, Trial, trial
from tests.conftest import noon
from tests.deliver.trial import of


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
