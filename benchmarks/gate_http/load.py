"""Requests and servers come in; how many are answered, and how soon, goes out."""

import contextlib
import statistics
import time
from collections.abc import Sequence
from itertools import cycle
from typing import Any, NamedTuple

from benchmarks.bench.rspamd import cpu_of
from benchmarks.gate_http.servers import Server
from benchmarks.gate_http.wire import Line

connections = 8
seconds_per_round, quick_seconds = 3.0, 0.5
rounds, quick_rounds = 5, 3


class Load(NamedTuple):
    """Whole requests to a server, each holding so many messages."""

    server: Server
    batch: int
    requests: Sequence[bytes]


class Round(NamedTuple):
    """What one round brought."""

    requests: int
    wall_seconds: float
    cpu_seconds: float


def race(loads: Sequence[Load], *, quick: bool) -> list[dict[str, Any]]:
    """Put each load on its server in interleaved rounds, after one that counts for nothing."""
    seconds = quick_seconds if quick else seconds_per_round
    for load in loads:
        run(load, quick_seconds)
    runs: list[list[Round]] = [[] for _ in loads]
    alone: list[list[float]] = [[] for _ in loads]
    for _ in range(quick_rounds if quick else rounds):
        for place, load in enumerate(loads):
            runs[place].append(run(load, seconds))
            alone[place] += waits(load, seconds / 4)
    return [_figures(*row) for row in zip(loads, runs, alone, strict=True)]


def run(load: Load, seconds: float) -> Round:
    """Keep all connections busy for some time, reading their answers in turn."""
    with contextlib.ExitStack() as stack:
        opened = (contextlib.closing(Line(load.server.port)) for _ in range(connections))
        lines = [stack.enter_context(line) for line in opened]
        requests = cycle(load.requests)
        cpu, start = cpu_of(load.server.process), time.perf_counter()
        for line in lines:
            line.send(next(requests))
        count = 0
        while time.perf_counter() - start < seconds:
            for line in lines:
                line.read()
                line.send(next(requests))
            count += len(lines)
        for line in lines:
            line.read()
        wall = time.perf_counter() - start
        return Round(count + len(lines), wall, cpu_of(load.server.process) - cpu)


def waits(load: Load, seconds: float) -> list[float]:
    """Return how long one connection alone waits for each of its answers, in seconds."""
    found: list[float] = []
    end = time.perf_counter() + seconds
    with contextlib.closing(Line(load.server.port)) as line:
        for request in cycle(load.requests):
            start = time.perf_counter()
            if start > end:
                return found
            line.send(request)
            line.read()
            found.append(time.perf_counter() - start)
    return found


def _figures(load: Load, runs: Sequence[Round], alone: Sequence[float]) -> dict[str, Any]:
    wall = statistics.median(one.requests * load.batch / one.wall_seconds for one in runs)
    cpu = statistics.median(one.requests * load.batch / one.cpu_seconds for one in runs)
    return {
        "server": load.server.name,
        "batch": load.batch,
        "messages_per_wall_second": round(wall),
        "messages_per_cpu_second": round(cpu),
        "alone_p50_ms": round(1_000 * statistics.median(alone), 3),
        "alone_p99_ms": round(1_000 * statistics.quantiles(alone, n=100)[98], 3),
        "runs": [one._asdict() for one in runs],
    }
