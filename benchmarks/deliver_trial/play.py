"""A policy and a seed come in; what it gets of all possible likes goes out."""

import numpy as np

from benchmarks.deliver_trial.policies import Policy, State, batch, cap, guaranteed, items
from kouling.ids import random_bytes

traffic = 1_000_000
"""Places that are handed out in all."""


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
