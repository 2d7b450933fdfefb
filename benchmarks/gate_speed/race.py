"""Entrants come in, messages a second go out: interleaved rounds, in one process or several.

Every figure is the median of its rounds. Rates are by CPU time, which neighbours disturb least;
wall time is beside them. The first round's order is shifted in each later one.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import cycle, islice
from typing import Any, NamedTuple

results_seconds_max = 1_200
"""A process of a race that says nothing for so long has failed."""


class Effort(NamedTuple):
    """How long each row of a race runs, in how many rounds."""

    seconds: float
    rounds: int


class Entrant(NamedTuple):
    """Some work over batches of messages; `prepare` is done before the clock runs."""

    name: str
    batch: int
    messages: Sequence[str]
    prepare: Callable[[list[str]], Any]
    run: Callable[[Any], object]


class Run(NamedTuple):
    """What one entrant did in one process: how much each round, and how long each took."""

    messages: int
    bytes: int
    cpu_seconds: list[float]
    wall_seconds: list[float]


def race(entrants: Sequence[Entrant], effort: Effort, processes: int = 1) -> list[dict[str, Any]]:
    """Run all entrants in interleaved rounds, in so many processes at once."""
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=_race_alone, args=(entrants, effort, barrier, results), daemon=True)
        for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    runs = [results.get(timeout=results_seconds_max) for _ in workers]
    for worker in workers:
        worker.join()
    return [_rates(entrant, [one[place] for one in runs]) for place, entrant in enumerate(entrants)]


def timed(run: Callable[[Any], object], work: Iterable[Any]) -> tuple[float, float]:
    """Return the CPU and the wall seconds that all the work takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    for one in work:
        run(one)
    return time.process_time() - cpu, time.perf_counter() - wall


def _race_alone(entrants: Sequence[Entrant], effort: Effort, barrier: Any, results: Any) -> None:
    prepared = [_prepare(entrant, effort.seconds / effort.rounds) for entrant in entrants]
    runs = [Run(count, size, [], []) for _, count, size in prepared]
    for turn in range(effort.rounds):
        for place in range(len(entrants)):
            place = (place + turn * 3) % len(entrants)
            barrier.wait()
            cpu, wall = timed(entrants[place].run, prepared[place][0])
            runs[place].cpu_seconds.append(cpu)
            runs[place].wall_seconds.append(wall)
    results.put(runs)


def _prepare(entrant: Entrant, seconds: float) -> tuple[list[Any], int, int]:
    """Return as many prepared batches as take about that long, with their messages and bytes."""
    share = max(entrant.batch, 200)
    while True:
        chosen = list(islice(cycle(entrant.messages), share))
        work = [
            entrant.prepare(chosen[start : start + entrant.batch])
            for start in range(0, share, entrant.batch)
        ]
        taken, _ = timed(entrant.run, work)
        if taken >= seconds or share >= len(entrant.messages):
            return work, share, sum(len(text.encode()) for text in chosen)
        wanted = int(share * min(10, 1.2 * seconds / max(taken, 1e-6)))
        share = min(len(entrant.messages), -(-wanted // entrant.batch) * entrant.batch)


def _rates(entrant: Entrant, runs: Sequence[Run]) -> dict[str, Any]:
    by_cpu = [statistics.median(run.messages / t for t in run.cpu_seconds) for run in runs]
    together = [max(times) for times in zip(*(run.wall_seconds for run in runs), strict=True)]
    by_wall = sum(run.messages for run in runs) / statistics.median(together)
    bytes_each = runs[0].bytes / runs[0].messages
    return {
        "name": entrant.name,
        "batch": entrant.batch,
        "messages_per_cpu_second": round(sum(by_cpu)),
        "megabytes_per_cpu_second": round(sum(by_cpu) * bytes_each / 1e6, 2),
        "messages_per_wall_second": round(by_wall),
        "runs": [run._asdict() for run in runs],
    }
