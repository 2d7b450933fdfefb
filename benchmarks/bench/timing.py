"""How long an act takes, by the processor's time and by the clock, one call after the other."""

import time
from collections.abc import Callable, Iterable, Mapping

import numpy as np

marks = (50, 95, 99)

first_calls = 10
"""Calls that are not counted: all is compiled in them."""

clocks = ("p50 CPU", "p99 CPU", "p50 wall", "p99 wall")
"""The columns of a table of times."""


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


def microseconds(row: Mapping[str, float]) -> list[str]:
    """Return the cells of a row of times, under `clocks`."""
    return [f"{row[clock.replace(' ', '_').lower()]:,.0f}" for clock in clocks]
