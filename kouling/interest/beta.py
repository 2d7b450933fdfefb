"""What a like rate may be after some likes, by the posterior Beta(a, b).

Its mathematics needs scipy, which is loaded at the first question. The same chances give the same
rates, so whoever logs the chances can compute a draw again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kouling.ids import RandomBytes
from kouling.interest.arrays import Array


def probability_above(a: float, b: float, bar: float) -> float:
    """Return how likely a rate is above a bar."""
    from scipy.special import betainc  # slow to load, and seldom needed

    return float(1.0 - betainc(a, b, bar))


def rates_at(a: ArrayLike, b: ArrayLike, chances: ArrayLike) -> Array:
    """Return the rates that are exceeded with the probabilities 1 - chance: quantiles."""
    from scipy.special import betaincinv  # slow to load, and seldom needed

    rates: Array = betaincinv(np.asarray(a), np.asarray(b), np.asarray(chances))
    return rates


def uniform_chances(random: RandomBytes, count: int) -> Array:
    """Return that many numbers above 0 and below 1 from a source of random bytes."""
    whole = np.frombuffer(random(8 * count), dtype="<u8") >> np.uint64(11)
    return (whole.astype(np.float64) + 0.5) / float(1 << 53)
