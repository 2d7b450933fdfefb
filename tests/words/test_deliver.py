"""The sentences, word for word: viewers and creators read them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kouling.deliver import Stage, StepKind, Trial, TrialReport, TrialStep
from kouling.deliver.reasons import addressed_reason, trial_reason
from kouling.gate import Surface
from kouling.ids import GroupId, ItemId, UserId
from kouling.words import place_reason_of, trial_of
from tests.samples import friend, item, seller

noon = datetime(2018, 5, 29, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"surface": Surface.direct, "to": friend}, "sent to you"),
        ({"surface": Surface.group, "group": GroupId("g")}, "in your group g"),
        ({"surface": Surface.moments}, "posted by your friend"),
        ({"surface": Surface.comment, "under": ItemId("1")}, "a comment under 1"),
        ({"surface": Surface.market}, "newest first"),
    ],
)
def test_a_surface_says_why_its_items_are_seen(options: dict[str, Any], reason: str) -> None:
    posted = item("2", **options)

    assert place_reason_of(addressed_reason(posted, friend)) == reason
    assert place_reason_of(addressed_reason(posted, seller)) == "posted by you"


def begun(**fields: Any) -> Trial:
    known = {"item": ItemId("1"), "author": UserId("creator"), "queued_at": noon, "guaranteed": 50}
    return Trial(**{**known, "started_at": noon, **fields})


def told(trial: Trial, *steps: TrialStep) -> str:
    return trial_of(TrialReport(trial=trial, steps=steps))


def test_a_viewer_is_told_the_stage_of_a_trial() -> None:
    later = begun(stage=Stage.second, impressions=60, likes=7)

    assert place_reason_of(trial_reason(begun())) == "new: you are one of its first 50 people"
    assert (
        place_reason_of(trial_reason(later)) == "new: liked by 7 of the 60 people who saw it first"
    )


def test_a_creator_is_told_where_a_trial_stands() -> None:
    held = TrialStep(kind=StepKind.hold, at=noon, bar=0.05, probability=0.123)
    shown = {"impressions": 50, "likes": 1}
    outcome = (
        "shown to 50, liked by 1; it did not pass stage 1: its like rate is above the bar of 5.0%"
        " with probability 0.12, more than 0.5 is needed"
    )

    assert told(begun(started_at=None)) == (
        "waiting for its first audience: one item of a creator is in a stage at a time"
    )
    assert told(begun(impressions=3)) == (
        "stage 1 of 4: a first audience of 50 is promised; shown to 3, liked by 0 so far"
    )
    assert told(begun(**shown), held) == f"stage 1 of 4: {outcome}"
    assert told(begun(**shown, ended_at=noon), held) == f"ended: {outcome}"
