"""How many of all possible likes new items get, by the policy that hands out their first places.

Claim: the trial (a guaranteed first audience, then Thompson sampling with a pooled prior and
stages with a bar that moves) gets at least 0.75 of the likes of an oracle that knows every like
rate, and every item reaches its first audience.

Rivals: uniform places; fixed bars of 3, 5 and 10 % between pools of 300, 3,000 and 12,000, as
growth blogs tell; Thompson sampling with the usual Beta(1, 1) prior, without a guarantee.

The simulation is synthetic: 1,000 items that arrive over the first 60 % of the traffic, like rates
from Beta(1.5, 28.5), at most 20,000 places an item, one million places in batches of 5,000, so
that likes are known late. It ranks policies; its absolute figures say nothing of any real feed.
The trial's decisions are those of `kouling.deliver`: its functions are called, not written again.
Each policy plays the same seeds; intervals are 95 %, from Student's t over the seeds.

Machine: stated in the results. About three minutes; with --quick half a minute.

Run: python benchmarks/deliver_trial.py
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from shared.results import begin, save
from tables.feed import trial_tables

from kouling.deliver import Stage, Trial, trial
from kouling.ids import ItemId, UserId, random_bytes

items, cap, traffic, batch = 1_000, 20_000, 1_000_000, 5_000
slots = 25
"""Draws in a batch: each stands for a two-hundredth of its places."""

seeds, quick_seeds = 5, 2
guaranteed = 100
noon = datetime(2018, 5, 29, 4, tzinfo=UTC)

t95 = {1: 12.71, 4: 2.78}
"""Student's t for 95 %, by degrees of freedom."""

Array = np.ndarray[Any, Any]


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


def main() -> None:
    """Simulate, print, and write the raw results."""
    options = _options()
    report = begin(quick=options.quick, guaranteed=guaranteed)
    count = quick_seeds if options.quick else seeds
    report["policies"] = [measured(name, policy, count) for name, policy in policies.items()]
    print(trial_tables(report)["policies"])
    save("deliver_trial", report, options.json)


def measured(name: str, policy: Policy, count: int) -> dict[str, Any]:
    """Play a policy on all seeds."""
    runs = [play(policy, seed) for seed in range(count)]
    return {"policy": name, **{key: spread([run[key] for run in runs]) for key in runs[0]}}


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Return the mean, its 95 % interval and the values themselves."""
    mean, half = statistics.fmean(values), 0.0
    if len(values) > 1:
        half = t95[len(values) - 1] * statistics.stdev(values) / len(values) ** 0.5
    return {"mean": round(mean, 4), "half": round(half, 4), "runs": [round(v, 4) for v in values]}


def play(policy: Policy, seed: int) -> dict[str, float]:
    """Hand out all places by a policy; return what it got."""
    chance = np.random.default_rng(seed)
    rates = chance.beta(1.5, 28.5, items)
    arrive = np.sort(chance.integers(0, int(traffic * 0.6) // batch, items))
    shown, liked = np.zeros(items, int), np.zeros(items, int)
    stage, source = np.zeros(items, int), random_bytes(seed)
    for number in range(traffic // batch):
        live = np.flatnonzero((arrive <= number) & (shown < cap))
        if len(live):
            given = np.minimum(policy(State(shown, liked, stage, live, source), batch), cap - shown)
            liked += chance.binomial(given, rates)
            shown += given
    best = np.argsort(-rates)
    oracle = rates[best[: traffic // cap]].sum() * cap
    return {
        "likes_of_oracle": float(liked.sum() / oracle),
        "got_first_audience": float((shown >= guaranteed).mean()),
        "best_reached_5000": float((shown[best[: items // 20]] >= 5_000).mean()),
        "median_of_lower_half": float(np.median(shown[best[items // 2 :]])),
    }


# The policies.


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


def _options() -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--json", type=Path, help="write all figures to this file instead")
    parser.add_argument("--quick", action="store_true", help="a run too short for good figures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
