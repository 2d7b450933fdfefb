"""What is known of an item's like rate, and the bar that a stage sets for it.

Each item's rate has the posterior

    Beta(mean · n0 + likes,  (1 - mean) · n0 + impressions - likes)

whose prior is the like rate of all recent trials. A stage is passed when the rate is more likely
than not above the 60th percentile of those that finished that stage. A bar that moves with the
others survives a change of the general like rate, which fixed bars don't.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kouling.interest import chance_above, rates_at

prior_impressions = 40
"""How many places the pooled like rate counts for, before an item's own.

In the simulation of `deliver_trial` the trial gets .765 of an oracle's likes with it, and Thompson
sampling with the usual prior Beta(1, 1) gets .627.
"""

bar_quantile = 0.6
"""Of the rates of those that finished a stage: above it, a stage is passed.

In a simulation before it was built, promising 300 places: of the best twentieth of items 75 %
reach 5,000 people, 63 % where there is no bar; likes were .74 of an oracle's and not .76.
"""

finished_min = 10
"""With fewer that finished a stage, the pooled rate is the bar; chosen, not measured."""


def pooled_mean(likes: int, impressions: int) -> float:
    """Return the like rate of all recent trials; 5 % where nothing is known yet.

    One like of 20 places is what the prior counts for; chosen, not measured.
    """
    return (likes + 1) / (impressions + 20)


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


def probability_of_passing(impressions: int, likes: int, mean: float, bar: float) -> float:
    """Return how likely an item's like rate is above a bar."""
    return chance_above(bar, *_posterior(impressions, likes, mean))


def sample_rates(
    impressions: ArrayLike, likes: ArrayLike, mean: float, chances: ArrayLike
) -> np.ndarray[Any, Any]:
    """Return like rates drawn from the posteriors; the same chances give the same rates."""
    return rates_at(chances, *_posterior(np.asarray(impressions), np.asarray(likes), mean))


def _posterior(impressions: Any, likes: Any, mean: float) -> tuple[Any, Any]:
    prior = mean * prior_impressions
    return prior + likes, prior_impressions - prior + impressions - likes
