"""Like rates under uncertainty: the Beta distribution that some likes and non-likes leave.

Counts may be broken numbers, since a prior adds parts of likes. SciPy is loaded at the first
call, so that importing this takes only numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kouling.interest.arrays import Array


def chance_above(bar: float, likes: float, others: float) -> float:
    """Return how likely a like rate is above a bar."""
    from scipy.special import betainc

    return float(1.0 - betainc(likes, others, bar))


def rates_at(chances: ArrayLike, likes: ArrayLike, others: ArrayLike) -> Array:
    """Return the like rates below which the rate lies with the given chances.

    With chances drawn evenly between 0 and 1 these are draws from the distribution.
    """
    from scipy.special import betaincinv

    rates: Array = betaincinv(np.asarray(likes), np.asarray(others), np.asarray(chances))
    return rates
