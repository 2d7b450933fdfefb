"""The tables on verbs, one for each store."""

from collections.abc import Mapping
from typing import Any

from benchmarks.bench.markdown import facts, table


def tables(report: Mapping[str, Any]) -> dict[str, str]:
    """Return a table for each store."""
    machine = report["machine"]
    made = {store.lower(): _store(ways) for store, ways in report["median"].items()}
    flush = f"a flush to disk takes {machine['fsync_p50_ms']:.2f} ms"
    stores = f"SQLite {machine['sqlite']}, PostgreSQL {machine['postgres']['server_version']}"
    return {**made, "facts": facts(report, stores, flush)}


def _store(ways: Mapping[str, Any]) -> str:
    verbs = next(iter(ways.values()))
    rows = ([verb, *(_cell(way[verb]) for way in ways.values())] for verb in verbs)
    return table(["verbs per second (p99; CPU of one)", *ways], rows)


def _cell(figures: Mapping[str, float]) -> str:
    return f"{figures['per_second']:,.0f} ({figures['p99_ms']:.1f}; {figures['cpu_ms']:.1f} ms)"
