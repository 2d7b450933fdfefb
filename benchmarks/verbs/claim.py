"""Verbs per second on both stores, one by one and by 32 callers at once.

Claim: with group commit 32 concurrent callers get more durable writes a second than one caller
and than the rival, on SQLite and on PostgreSQL.

Rival: one transaction per request, as most applications write; the same code with batches of one.

Machine: written into the results with the time that the disk takes for a flush. SQLite keeps its
`synchronous=FULL` and lies on the disk of the working folder; PostgreSQL keeps its durable
defaults. The callers are threads of one process, so Python's lock is part of every figure.
Two minutes; with --quick half of one.

Run: python -m benchmarks verbs
     python -m benchmarks verbs --postgres postgresql://USER@HOST/EMPTY_DATABASE
"""

import statistics
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import kouling.db
from benchmarks.bench.claims import Report
from benchmarks.bench.options import add_quick
from benchmarks.bench.results import begin
from benchmarks.verbs.calls import Verb, verbs_of, verified_entries
from benchmarks.verbs.stores import fresh_database, postgres_server, store_facts, stores
from kouling import Engine

rounds, quick_rounds = 3, 1
quick_share = 8
"""In a quick run each verb is called so many times less often."""

callers = 32

Figures = dict[str, float]


class Way(NamedTuple):
    """How many callers call at once, how many writes share a commit, and how often in a round."""

    name: str
    callers: int
    batch_max: int
    calls: int


ways = (
    Way("one by one", 1, kouling.db.batch_max, 100),
    Way("32 callers", callers, kouling.db.batch_max, 800),
    Way("32 callers, one transaction per request", callers, 1, 400),
)


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    add_quick(parser)
    parser.add_argument("--postgres", help="a server to use instead of the wheel's")


def measure(options: Namespace) -> Report:
    """Call all verbs in all ways on new databases, in interleaved rounds."""
    wanted = [way._replace(calls=way.calls // quick_share**options.quick) for way in ways]
    report = begin(quick=options.quick, ways=wanted)
    with (
        tempfile.TemporaryDirectory(prefix=".verbs-", dir=Path.cwd()) as name,
        postgres_server(options.postgres, Path(name)) as server,
    ):
        folder = Path(name)
        report["machine"] |= store_facts(folder, server)
        raw: dict[str, dict[str, list[dict[str, Figures]]]] = {
            store: {way.name: [] for way in wanted} for store in stores
        }
        for store in stores:
            for _ in range(quick_rounds if options.quick else rounds):
                for way in wanted:
                    with fresh_database(store, server, folder) as target:
                        raw[store][way.name].append(called(target, way))
    report["median"] = {
        store: {way: medians(found) for way, found in by_way.items()}
        for store, by_way in raw.items()
    }
    return report | {"rounds": raw}


def called(target: str, way: Way) -> dict[str, Figures]:
    """Return calls per second and latencies of each verb, on a new database."""
    kouling.db.batch_max = way.batch_max
    with Engine.open(target) as engine, ThreadPoolExecutor(way.callers) as pool:
        found = {name: figures_of(verb, way, pool) for name, verb in verbs_of(engine).items()}
        assert verified_entries(engine) == way.calls
    return found


def figures_of(verb: Verb, way: Way, pool: ThreadPoolExecutor) -> Figures:
    """Call one verb as often as a round says."""

    def timed(number: int) -> float:
        begun = time.perf_counter()
        verb(number)
        return (time.perf_counter() - begun) * 1_000

    started, cpu = time.perf_counter(), time.process_time()
    latencies = list(pool.map(timed, range(way.calls)))
    return {
        "per_second": way.calls / (time.perf_counter() - started),
        "cpu_ms": (time.process_time() - cpu) * 1_000 / way.calls,
        "p50_ms": statistics.median(latencies),
        "p99_ms": statistics.quantiles(latencies, n=100)[98],
    }


def medians(measured: Sequence[dict[str, Figures]]) -> dict[str, Figures]:
    """Return the median of the rounds, figure by figure."""
    return {
        verb: {
            figure: statistics.median(one[verb][figure] for one in measured) for figure in figures
        }
        for verb, figures in measured[0].items()
    }
