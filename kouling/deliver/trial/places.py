"""Which trial a viewer's page gives a place: first what is promised, then what is drawn.

Half of a first audience is kept for people who are like those who like the creator's items, half
is anybody's: the second half gives an unbiased like rate. Every further place is won by Thompson
sampling: each item draws a like rate from its posterior, and the highest draw wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from kouling.deliver.trial.rates import sample_rates
from kouling.deliver.trial.records import Draw, Stage, StepKind, Trial, TrialStep
from kouling.deliver.trial.stages import is_owed, stage_limit
from kouling.deliver.trial.steps import step_of
from kouling.ids import ItemId, RandomBytes, UserId

alike_wait = timedelta(hours=24)
"""After so long, places kept for look-alikes who didn't come are anybody's.

Chosen, not measured: half the time after which a trial is late.
"""

rivals_logged = 4
"""How many of the best rivals a drawn place is logged with; chosen, not measured."""


def promised_place(
    trials: Iterable[Trial],
    alike: Mapping[ItemId, bool | None],
    viewer: UserId,
    at: datetime,
) -> tuple[Trial, TrialStep] | None:
    """Return the place of a first audience that this viewer can take, or None.

    `alike` says of items whether the viewer resembles their creator's likers, None where the
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
    trials = [t for t in trials if t.stage != Stage.first and t.impressions < stage_limit(t)]
    if not trials:
        return None
    chances = uniform_chances(random, len(trials))
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


def uniform_chances(random: RandomBytes, count: int) -> np.ndarray[Any, Any]:
    """Return that many numbers above 0 and below 1 from a source of random bytes."""
    whole = np.frombuffer(random(8 * count), dtype="<u8") >> np.uint64(11)
    return (whole.astype(np.float64) + 0.5) / float(1 << 53)


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
