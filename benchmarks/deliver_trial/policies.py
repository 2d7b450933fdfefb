"""Policies that hand out the first places of new items, each by what it has seen so far.

The trial's decisions are those of `kouling.deliver`: its functions are called, not written again.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from benchmarks.bench.arrays import Array
from kouling.deliver import Stage, Trial, trial
from kouling.ids import ItemId, UserId

items, cap, batch = 1_000, 20_000, 5_000
"""New items, the places that one may get, and the places handed out at once."""

slots = 25
"""Draws in a batch: each stands for a two-hundredth of its places."""

guaranteed = 100
noon = datetime(2018, 5, 29, 4, tzinfo=UTC)


class State(NamedTuple):
    """What a policy sees: places given and likes got so far, and the stage of each item."""

    shown: Array
    liked: Array
    stage: Array
    live: Array
    chance: Callable[[int], bytes]

    @property
    def mean(self) -> float:
        """The pooled like rate."""
        return trial.pooled_mean(int(self.liked.sum()), int(self.shown.sum()))


Policy = Callable[[State, int], Array]


def our_trial(state: State, places: int) -> Array:
    """The trial of kouling.deliver: promises first, then draws; stages by the moving bar."""
    mean = state.mean
    for number in state.live[state.shown[state.live] >= guaranteed]:
        while judged_as_passed(state, number, mean):
            state.stage[number] += 1
    trials = trial.in_turn(trial_of(state, number) for number in state.live)
    given, left = promises(trials, places)
    running = [one for one in trials if not trial.is_owed(one)]
    for _ in range(slots if left > 0 else 0):
        drawn = trial.drawn_place(running, mean, UserId("anybody"), state.chance, noon)
        if drawn is None:
            break
        given[int(drawn[0].item)] += left // slots
    return within_stages(given, trials)


def judged_as_passed(state: State, number: int, mean: float) -> bool:
    """Ask the trial whether an item passes its stage now."""
    one = trial_of(state, number)
    if one.stage == Stage.everyone or one.impressions < trial.stage_limit(one):
        return False
    finished = np.flatnonzero(state.shown >= trial.stage_limit(one))
    rates = [trial.posterior_mean(int(state.shown[n]), int(state.liked[n]), mean) for n in finished]
    step = trial.pass_or_hold(one, rates, mean, noon)
    return step is not None and step.kind == "pass"


def trial_of(state: State, number: int) -> Trial:
    """Return an item's trial as it stands."""
    return Trial(
        item=ItemId(str(number)),
        author=UserId(f"creator of {number}"),
        guaranteed=guaranteed,
        stage=Stage(int(state.stage[number])),
        impressions=int(state.shown[number]),
        likes=int(state.liked[number]),
        queued_at=noon + timedelta(seconds=int(number)),
        started_at=noon,
    )


def promises(trials: Sequence[Trial], places: int) -> tuple[Array, int]:
    """Give first audiences what they are owed, those nearest their end first."""
    given = np.zeros(items, int)
    for one in sorted(trials, key=lambda t: -t.impressions):
        if trial.is_owed(one):
            more = min(one.guaranteed - one.impressions, places)
            given[int(one.item)] += more
            places -= more
    return given, places


def within_stages(given: Array, trials: Sequence[Trial]) -> Array:
    """Let no stage be overfilled."""
    for one in trials:
        room = trial.stage_limit(one) - one.impressions
        given[int(one.item)] = min(given[int(one.item)], room)
    return given


def uniform(state: State, places: int) -> Array:
    """Every item the same."""
    return spread_over(state.live, np.ones(len(state.live)), places)


def fixed_bars(bar: float) -> Policy:
    """Pools of fixed sizes, each passed at a fixed like rate."""
    sizes = np.array([300, 3_000, 12_000, cap])

    def policy(state: State, places: int) -> Array:
        for number in state.live:
            while state.stage[number] < 3 and state.shown[number] >= sizes[state.stage[number]]:
                if state.liked[number] / state.shown[number] < bar:
                    break
                state.stage[number] += 1
        owed = [trial_of(state, number) for number in state.live]
        given, left = promises(owed, places)
        room = np.maximum(sizes[state.stage[state.live]] - state.shown[state.live], 0)
        return given + (spread_over(state.live, room, left) if room.sum() else 0)

    return policy


def plain_thompson(state: State, places: int) -> Array:
    """Thompson sampling with a Beta(1, 1) prior, without any promise."""
    chances = trial.uniform_chances(state.chance, slots * len(state.live)).reshape(slots, -1)
    shown, liked = state.shown[state.live], state.liked[state.live]
    seed = int.from_bytes(state.chance(8), "big")
    rates = np.random.default_rng(seed).beta(1 + liked, 1 + shown - liked, chances.shape)
    wins = np.bincount(rates.argmax(1), minlength=len(state.live))
    return spread_over(state.live, wins, places)


def spread_over(live: Array, weights: Array, places: int) -> Array:
    """Share out places in proportion to weights."""
    given = np.zeros(items, int)
    given[live] = np.floor(places * weights / weights.sum())
    return given


policies: dict[str, Policy] = {
    "uniform": uniform,
    "fixed bars, 3 %": fixed_bars(0.03),
    "fixed bars, 5 %": fixed_bars(0.05),
    "fixed bars, 10 %": fixed_bars(0.10),
    "Thompson, Beta(1, 1)": plain_thompson,
    "Kouling's trial": our_trial,
}
