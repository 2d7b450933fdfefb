"""Messages come in, p50 and p99 of deciding them one by one go out."""

import statistics
import time
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from typing import Any

from benchmarks.bench.gate import Gate, items_of
from kouling.gate import Item

singles = 3_000


def latency(gate: Gate, kinds: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Any]:
    """Return p50 and p99 of single decisions on each kind of messages, in microseconds."""
    report = {}
    for name, texts in kinds.items():
        items = items_of(list(islice(cycle(texts), singles)))
        _latencies(gate, items[: singles // 10])
        turns = [_latencies(gate, items) for _ in range(rounds)]
        report[name] = {
            f"{clock}_p{rank}_us": round(
                statistics.median(_percentile(turn[place], rank) for turn in turns), 1
            )
            for place, clock in enumerate(("wall", "cpu"))
            for rank in (50, 99)
        }
    return report


def _latencies(gate: Gate, items: Sequence[Item]) -> tuple[list[float], list[float]]:
    walls, cpus = [], []
    for item in items:
        cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
        gate.decide([item])
        walls.append((time.perf_counter_ns() - wall) / 1e3)
        cpus.append((time.thread_time_ns() - cpu) / 1e3)
    return walls, cpus


def _percentile(values: Sequence[float], rank: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * rank // 100)]
