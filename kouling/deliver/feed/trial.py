"""A new item's trial: who sees it first, and how far it goes.

Frozen trials come in, the next step comes out; nothing here reads a clock or a table. Every item
first gets a guaranteed audience, half look-alikes of its creator's audience and half anybody.
Then its places are won by Thompson sampling: each item draws a like rate from its posterior

    Beta(mean · n0 + likes,  (1 - mean) · n0 + impressions - likes)

whose prior is the like rate of all recent trials, and the highest draw wins. A stage ends at g,
4 g and 16 g places; it is passed when the item's rate is more likely than not above the 60th
percentile of those that finished that stage. A bar that moves with the others survives a change
of the general like rate, which fixed bars don't.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import ArrayLike

from kouling.deliver.records import Draw, Stage, StepKind, Trial, TrialStep
from kouling.ids import ItemId, RandomBytes, UserId
from kouling.interest import chance_above, rates_at

guaranteed_min, guaranteed_max = 50, 300
"""The bounds of a first audience."""

guaranteed_share = 0.02
"""The first audience as a part of the week's active users."""

prior_impressions = 40
"""How many places the pooled like rate counts for, before an item's own."""

stage_growth = 4
"""How much larger each stage's audience is than the one before."""

bar_quantile = 0.6
"""Of the rates of those that finished a stage: above it, a stage is passed."""

finished_min = 10
"""With fewer that finished a stage, the pooled rate is the bar."""

expires_after = timedelta(hours=48)
"""A trial ends so long after its start or latest pass, but not before its first audience."""

alike_wait = timedelta(hours=24)
"""After so long, places kept for look-alikes who didn't come are anybody's."""

spacing = 5
"""Of so many places in a row at most one is a trial's, as long as there is anything else."""

rivals_logged = 4
"""How many of the best rivals a drawn place is logged with."""


def first_audience(weekly_users: int) -> int:
    """Return how many people a new item is promised, given the week's active users."""
    return min(max(round(guaranteed_share * weekly_users), guaranteed_min), guaranteed_max)


def limit(trial: Trial) -> float:
    """Return the number of places at which the present stage is finished."""
    if trial.stage == Stage.everyone:
        return float("inf")
    return trial.guaranteed * float(stage_growth**trial.stage)


def is_owed(trial: Trial) -> bool:
    """Whether the first audience that was promised is still to come."""
    return not trial.guaranteed or trial.impressions < trial.guaranteed


def pooled_mean(likes: int, impressions: int) -> float:
    """Return the like rate of all recent trials; 5 % where nothing is known yet."""
    return (likes + 1) / (impressions + 20)


def is_late(trial: Trial, at: datetime) -> bool:
    """Whether the first audience has been coming for 48 hours: there may be too few people."""
    started = trial.started_at
    return started is not None and is_owed(trial) and at - started > expires_after


def running(trials: Iterable[Trial], at: datetime) -> list[Trial]:
    """Return the trials that may get places now: those in turn, and all that are late.

    A late one keeps its promise and keeps nobody back, so that in a place with few people a
    creator's next items are not kept waiting for ever.
    """
    trials = list(trials)
    late = [trial for trial in trials if is_late(trial, at)]
    return [*late, *in_turn(trial for trial in trials if not is_late(trial, at))]


def in_turn(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials that may get places now: of each creator one in a stage, oldest first.

    A trial that has filled its stage and waits for the bar keeps nobody back.
    """
    open_ones = [t for t in trials if not t.guaranteed or t.impressions < limit(t)]
    taken: set[tuple[UserId, Stage]] = set()
    found = []
    for trial in sorted(open_ones, key=lambda t: (not t.guaranteed, t.queued_at, t.item)):
        if (trial.author, trial.stage) not in taken:
            taken.add((trial.author, trial.stage))
            found.append(trial)
    return found


def promised_place(
    trials: Iterable[Trial],
    alike: Mapping[ItemId, bool | None],
    viewer: UserId,
    at: datetime,
) -> tuple[Trial, TrialStep] | None:
    """Return the place of a first audience that this viewer can take, or None.

    `alike` says of items whether the viewer resembles their creator's audience, None where the
    creator has none yet: then all places are anybody's. The trial nearest to the end of its
    first stage comes first.
    """
    best: tuple[Trial, bool] | None = None
    for trial in trials:
        if not is_owed(trial):
            continue
        half = _half(trial, alike.get(trial.item, False), at)
        if half is not None and (best is None or trial.impressions > best[0].impressions):
            best = trial, half
    if best is None:
        return None
    trial, is_alike = best
    return trial, step_of(trial, StepKind.place, at, viewer=viewer, alike=is_alike)


def drawn_place(
    trials: Sequence[Trial], mean: float, viewer: UserId, random: RandomBytes, at: datetime
) -> tuple[Trial, TrialStep] | None:
    """Return the place that the highest of all sampled like rates wins, or None."""
    trials = [t for t in trials if t.stage != Stage.first and t.impressions < limit(t)]
    if not trials:
        return None
    chances = uniform(random, len(trials))
    shown, liked = [t.impressions for t in trials], [t.likes for t in trials]
    sampled = sample_rates(shown, liked, mean, chances)
    ranked = sampled.argsort(kind="stable")[::-1][: rivals_logged + 1]
    draws = tuple(
        Draw(
            item=trials[n].item,
            impressions=trials[n].impressions,
            likes=trials[n].likes,
            chance=float(chances[n]),
            sampled=float(sampled[n]),
        )
        for n in ranked
    )
    winner = trials[ranked[0]]
    return winner, step_of(winner, StepKind.place, at, viewer=viewer, mean=mean, draws=draws)


def judge(trial: Trial, rates: Sequence[float], mean: float, at: datetime) -> TrialStep | None:
    """Return the pass or the hold of a trial that has filled its stage, else None.

    `rates` are the posterior like rates of those that finished this stage.
    """
    if not trial.guaranteed or trial.stage == Stage.everyone or trial.impressions < limit(trial):
        return None
    bar = bar_of(rates, mean)
    probability = probability_above(trial.impressions, trial.likes, mean, bar)
    kind = StepKind.passed if probability > 0.5 else StepKind.hold
    return step_of(trial, kind, at, mean=mean, bar=bar, probability=probability)


def has_expired(trial: Trial, at: datetime) -> bool:
    """Whether a trial ends now: its promise is kept, and too long it hasn't passed a stage."""
    if not trial.started_at or trial.ended_at or trial.impressions < trial.guaranteed:
        return False
    return at - (trial.passed_at or trial.started_at) > expires_after


def apply(trial: Trial, step: TrialStep) -> Trial:
    """Return the trial after a step."""
    match step.kind:
        case StepKind.start:
            return replace(trial, guaranteed=step.guaranteed, started_at=step.at)
        case StepKind.place:
            shown, alike = trial.impressions + 1, trial.alike + step.alike
            return replace(trial, impressions=shown, alike=alike)
        case StepKind.like:
            return replace(trial, likes=trial.likes + 1)
        case StepKind.unlike:
            return replace(trial, likes=trial.likes - 1)
        case StepKind.passed:
            return replace(trial, stage=Stage(step.stage + 1), passed_at=step.at)
        case StepKind.hold:
            return trial
        case StepKind.end:
            return replace(trial, ended_at=step.at)


def recompute(step: TrialStep) -> TrialStep:
    """Return a step with its sampled values and probability computed again from what it logs."""
    draws = tuple(replace(draw, sampled=_sampled(draw, step.mean)) for draw in step.draws)
    if step.kind not in (StepKind.passed, StepKind.hold):
        return replace(step, draws=draws)
    probability = probability_above(step.impressions, step.likes, step.mean, step.bar)
    return replace(step, probability=probability)


def explain(trial: Trial, steps: Sequence[TrialStep]) -> str:
    """Say in a sentence where a trial stands and why."""
    seen = f"shown to {trial.impressions}, liked by {trial.likes}"
    if trial.started_at is None:
        return "waiting for its first audience: one item of a creator is in a stage at a time"
    if trial.impressions < trial.guaranteed:
        return f"stage 1 of 4: a first audience of {trial.guaranteed} is promised; {seen} so far"
    judged = next((s for s in reversed(steps) if s.bar), None)
    verdict = ""
    if judged is not None:
        outcome = "passed" if judged.kind == StepKind.passed else "did not pass"
        verdict = (
            f"; it {outcome} stage {judged.stage + 1}: its like rate is above the bar of"
            f" {judged.bar:.1%} with probability {judged.probability:.2f}, more than 0.5 is needed"
        )
    state = "ended" if trial.ended_at else f"stage {trial.stage + 1} of 4"
    return f"{state}: {seen}{verdict}"


def posterior_mean(impressions: int, likes: int, mean: float) -> float:
    """Return the expected like rate of an item."""
    return (likes + mean * prior_impressions) / (impressions + prior_impressions)


def bar_of(rates: Sequence[float], mean: float) -> float:
    """Return the like rate that a stage asks for."""
    if len(rates) < finished_min:
        return mean
    ranked = sorted(rates)
    place = bar_quantile * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (place - low) * (ranked[high] - ranked[low])


def probability_above(impressions: int, likes: int, mean: float, bar: float) -> float:
    """Return how likely an item's like rate is above a bar."""
    return chance_above(bar, *_posterior(impressions, likes, mean))


def sample_rates(
    impressions: ArrayLike, likes: ArrayLike, mean: float, chances: ArrayLike
) -> np.ndarray[Any, Any]:
    """Return like rates drawn from the posteriors; the same chances give the same rates."""
    return rates_at(chances, *_posterior(np.asarray(impressions), np.asarray(likes), mean))


def uniform(random: RandomBytes, count: int) -> np.ndarray[Any, Any]:
    """Return that many numbers above 0 and below 1 from a source of random bytes."""
    whole = np.frombuffer(random(8 * count), dtype="<u8") >> np.uint64(11)
    return (whole.astype(np.float64) + 0.5) / float(1 << 53)


def _sampled(draw: Draw, mean: float) -> float:
    return float(sample_rates([draw.impressions], [draw.likes], mean, [draw.chance])[0])


def _posterior(impressions: Any, likes: Any, mean: float) -> tuple[Any, Any]:
    prior = mean * prior_impressions
    return prior + likes, prior_impressions - prior + impressions - likes


def _half(trial: Trial, is_alike: bool | None, at: datetime) -> bool | None:
    """Whether a place would be a look-alike's (True) or anybody's (False); None: no place."""
    for_alike = trial.guaranteed // 2
    waited = trial.started_at is not None and at - trial.started_at > alike_wait
    if is_alike is None:
        return False
    if is_alike and trial.alike < for_alike:
        return True
    anybody = trial.impressions - trial.alike
    return False if waited or anybody < trial.guaranteed - for_alike else None


def step_of(trial: Trial, kind: StepKind, at: datetime, **fields: Any) -> TrialStep:
    """Return a step of a trial as it stands, with the fields that its kind has."""
    return TrialStep(
        kind=kind,
        at=at,
        stage=trial.stage,
        impressions=trial.impressions,
        likes=trial.likes,
        **fields,
    )
