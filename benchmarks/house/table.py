"""The tables on the house: a column for each run that is kept."""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.bench.markdown import facts, table

Run = Mapping[str, Any]

spread = ("median", "p95", "max")
steps = {"calls": "calls", "files": "files", "changes_of_file": "changes", "statements": "SQL"}

figures = {
    "cpu_s": ("CPU s", ".2f"),
    "peak_mb": ("peak MB", ".0f"),
    "own_modules": ("modules of ours", ".0f"),
    "modules": ("modules in all", ",.0f"),
}
"""What is told of an import, and how it is written."""


def tables(report: Mapping[str, Any]) -> dict[str, str]:
    """Return all tables by name; a column for each run."""
    runs: Mapping[str, Run] = report["runs"]
    return {
        "shape": _table("shape", runs, _shape),
        "doors": _table("names of a front door", runs, lambda run: run["front_doors"]),
        "imports": _table("imports, median of nine processes", runs, _imports),
        "hops": _hops(runs),
        "facts": "\n".join(f"{name}: {facts(run)}" for name, run in runs.items()),
    }


def _shape(run: Run) -> dict[str, str]:
    modules, functions = run["module_lines"], run["function_lines"]
    rooms, chain = run["rooms"], run["longest_chain"]
    whole = sum(rooms.values())
    largest = [room for room in rooms if room != "leaves"][:2]
    share = sum(rooms[room] for room in largest) / whole
    return {
        "modules": f"{modules['count']:,}",
        "lines": f"{whole:,}",
        "lines a module: median, p95, max": _spread(modules),
        "functions": f"{functions['count']:,}",
        "lines a function: median, p95, max": _spread(functions),
        "share of the two largest folders": f"{share:.0%} ({', '.join(largest)})",
        "longest chain of imports": f"{len(chain)} modules" if chain else "a circle",
    }


def _spread(lengths: Mapping[str, int]) -> str:
    return ", ".join(str(lengths[name]) for name in spread)


def _imports(run: Run) -> dict[str, str]:
    return {
        f"`{statement}`: {what}": format(weight[key], how)
        for statement, weight in run["imports"].items()
        for key, (what, how) in figures.items()
    }


def _table(
    title: str, runs: Mapping[str, Run], column: Callable[[Run], Mapping[str, object]]
) -> str:
    columns = [column(run) for run in runs.values()]
    rows = dict.fromkeys(row for one in columns for row in one)
    cells = ([row, *(str(one.get(row, "–")) for one in columns)] for row in rows)
    return table([title, *runs], cells)


def _hops(runs: Mapping[str, Run]) -> str:
    heads = [f"{name}: {step}" for name in runs for step in steps.values()]
    trips = dict.fromkeys(trip for run in runs.values() for trip in run["hops"])
    cells = (
        [trip, *(f"{run['hops'][trip][step]:,}" for run in runs.values() for step in steps)]
        for trip in trips
    )
    return table(["hops", *heads], cells)
