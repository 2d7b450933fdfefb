"""How long an act takes, by the processor's time and by the clock, one call after the other."""

import time
from collections.abc import Callable, Iterable

import numpy as np

from kouling.interest import LikeMatrix, Model

marks = (50, 95, 99)
users_timed_max = 4_000

first_calls = 10
"""Calls that are not counted: all is compiled in them."""


def timed(act: Callable[..., object], given: Iterable[tuple[int, ...]]) -> dict[str, float]:
    """Return percentiles of microseconds: `p50_cpu`, `p50_wall` and so on."""
    spent = []
    for one in given:
        begun, begun_cpu = time.perf_counter(), time.thread_time()
        act(*one)
        spent.append((time.thread_time() - begun_cpu, time.perf_counter() - begun))
    found = np.percentile(np.array(spent[first_calls:]) * 1e6, marks, axis=0).round(1)
    names = [f"p{mark}_{clock}" for mark in marks for clock in ("cpu", "wall")]
    return dict(zip(names, found.ravel().tolist(), strict=True))


def serving_us(model: Model, known: LikeMatrix, answers: LikeMatrix) -> dict[str, float]:
    """Time the first 20 places of users with test likes, spread evenly over them."""
    users = np.flatnonzero(np.diff(answers.start))
    chosen = users[:: max(1, len(users) // users_timed_max)]
    return timed(lambda user: model.recommend(known.of(user), 20), ((int(one),) for one in chosen))
