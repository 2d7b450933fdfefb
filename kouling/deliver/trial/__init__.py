"""A new item's trial: who sees it first, and how far it goes.

Frozen trials come in, the next step comes out; nothing here reads a clock or a table. An item
gets a guaranteed first audience, then wins its places against others by its like rate, stage by
stage, until everyone may see it.
"""

from kouling.deliver.trial.places import drawn_place, promised_place, uniform_chances
from kouling.deliver.trial.rates import bar_of, pooled_mean, posterior_mean, sample_rates
from kouling.deliver.trial.records import Draw, Stage, StepKind, Trial, TrialReport, TrialStep
from kouling.deliver.trial.stages import (
    expires_after,
    first_audience,
    has_expired,
    in_turn,
    is_owed,
    running,
    stage_growth,
    stage_limit,
)
from kouling.deliver.trial.steps import apply_step, pass_or_hold, recompute, step_of

__all__ = [
    "Draw",
    "Stage",
    "StepKind",
    "Trial",
    "TrialReport",
    "TrialStep",
    "apply_step",
    "bar_of",
    "drawn_place",
    "expires_after",
    "first_audience",
    "has_expired",
    "in_turn",
    "is_owed",
    "pass_or_hold",
    "pooled_mean",
    "posterior_mean",
    "promised_place",
    "recompute",
    "running",
    "sample_rates",
    "stage_growth",
    "stage_limit",
    "step_of",
    "uniform_chances",
]
