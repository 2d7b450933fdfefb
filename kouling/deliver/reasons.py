"""Sentences that deliver gives with what it decided: why a place is on a page, where a trial is.

All of them stand here, and nothing is decided by what they say.
"""

from __future__ import annotations

from collections.abc import Sequence

from kouling.deliver.trial import Stage, StepKind, Trial, TrialStep
from kouling.gate import Item, Surface
from kouling.ids import ItemId, UserId

favourite_reason = "liked on many days"
newest_reason = "newest first"
paid_reason = "a paid place"


def addressed_reason(item: Item, viewer: UserId) -> str:
    """Say why a viewer sees an item of a surface that isn't ranked."""
    if item.author == viewer:
        return "posted by you"
    reasons = {
        Surface.direct: "sent to you",
        Surface.group: f"in your group {item.group}",
        Surface.moments: "posted by your friend",
        Surface.comment: f"a comment under {item.under}",
    }
    return reasons.get(item.surface, newest_reason)


def liked_reason(because: ItemId) -> str:
    """Say that a like spoke for an item."""
    return f"because you liked {because}"


def trial_reason(trial: Trial) -> str:
    """Say why a viewer is given an item on trial."""
    if trial.stage == Stage.first:
        return f"new: you are one of its first {trial.guaranteed} people"
    return f"new: liked by {trial.likes} of the {trial.impressions} people who saw it first"


def disclosure_text(advertiser: str) -> str:
    """Say who pays for a place."""
    return f"Paid: {advertiser} pays for this place."


def explain_trial(trial: Trial, steps: Sequence[TrialStep]) -> str:
    """Say in a sentence where a trial stands and why."""
    seen = f"shown to {trial.impressions}, liked by {trial.likes}"
    if trial.started_at is None:
        return "waiting for its first audience: one item of a creator is in a stage at a time"
    if trial.impressions < trial.guaranteed:
        return f"stage 1 of 4: a first audience of {trial.guaranteed} is promised; {seen} so far"
    state = "ended" if trial.ended_at else f"stage {trial.stage + 1} of 4"
    return f"{state}: {seen}{_outcome(steps)}"


def _outcome(steps: Sequence[TrialStep]) -> str:
    """Say whether the latest stage that was filled was passed, after what was said before."""
    last = next((step for step in reversed(steps) if step.bar), None)
    if last is None:
        return ""
    outcome = "passed" if last.kind == StepKind.passed else "did not pass"
    return (
        f"; it {outcome} stage {last.stage + 1}: its like rate is above the bar of"
        f" {last.bar:.1%} with probability {last.probability:.2f}, more than 0.5 is needed"
    )
