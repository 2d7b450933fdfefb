"""The steps of a trial: what each makes of it, and all that it takes to compute one again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from kouling.deliver.trial.rates import bar_of, probability_of_passing, sample_rates
from kouling.deliver.trial.records import Draw, Stage, StepKind, Trial, TrialStep
from kouling.deliver.trial.stages import stage_limit


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


def apply_step(trial: Trial, step: TrialStep) -> Trial:
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


def pass_or_hold(
    trial: Trial, rates: Sequence[float], mean: float, at: datetime
) -> TrialStep | None:
    """Return the pass or the hold of a trial that has filled its stage, else None.

    `rates` are the posterior like rates of those that finished this stage.
    """
    is_filled = trial.guaranteed and trial.impressions >= stage_limit(trial)
    if not is_filled or trial.stage == Stage.everyone:
        return None
    bar = bar_of(rates, mean)
    probability = probability_of_passing(trial.impressions, trial.likes, mean, bar)
    kind = StepKind.passed if probability > 0.5 else StepKind.hold
    return step_of(trial, kind, at, mean=mean, bar=bar, probability=probability)


def recompute(step: TrialStep) -> TrialStep:
    """Return a step with its sampled values and probability computed again from what it logs."""
    draws = tuple(replace(draw, sampled=_sampled(draw, step.mean)) for draw in step.draws)
    if step.kind not in (StepKind.passed, StepKind.hold):
        return replace(step, draws=draws)
    probability = probability_of_passing(step.impressions, step.likes, step.mean, step.bar)
    return replace(step, probability=probability)


def _sampled(draw: Draw, mean: float) -> float:
    return float(sample_rates([draw.impressions], [draw.likes], mean, [draw.chance])[0])
