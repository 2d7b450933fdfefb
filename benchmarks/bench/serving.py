"""How long an interest model takes for the first places of a page."""

import numpy as np

from benchmarks.bench.timing import timed
from kouling.interest import LikeMatrix, Model

users_timed_max = 4_000


def serving_us(model: Model, known: LikeMatrix, answers: LikeMatrix) -> dict[str, float]:
    """Time the first 20 places of users with test likes, spread evenly over them."""
    users = np.flatnonzero(np.diff(answers.start))
    chosen = users[:: max(1, len(users) // users_timed_max)]
    return timed(lambda user: model.recommend(known.of(user), 20), ((int(one),) for one in chosen))
