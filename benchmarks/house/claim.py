"""What the house weighs: modules, functions, doors, imports, and the hops of a request.

Claim: modules of a median of at most 150 lines and never over 500, functions of a median of at
most 10 lines and never over 70, no circle among imports, front doors of at most 50 names, and
`import kouling` in at most 0.35 s of processor time.

Rival: the same tree at another time. Each run is kept under a name beside the earlier ones, so
that a change of shape can be judged by what it did.

How: sizes and imports are read from the syntax trees; an import inside a function counts, one for
type checkers does not. A front door is the `__all__` of a folder's `__init__`. An import is
measured in nine fresh processes, after one that counts for nothing: the package alone, which loads
an engine only when one of its names is asked for, and with an engine. Hops are calls of our own
functions in all threads of the process, the files they stand in, how often the next call is in
another file, and SQL statements with BEGIN and SAVEPOINT; on a new SQLite database, each trip for
the third time. Picture workers are processes and not counted.

Machine: stated in the results; only the import depends on it. Half a minute.

Run: python -m benchmarks house --name after
     python -m benchmarks house --name before --tree OTHER --json FILE
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import kouling
from benchmarks.bench.claims import Report
from benchmarks.bench.results import begin, last
from benchmarks.house.chain import graph_of, longest_chain
from benchmarks.house.shape import (
    front_doors,
    function_lengths,
    lines_by_room,
    modules_of,
    spread_of,
)
from benchmarks.house.trips import hops_of_trips
from benchmarks.house.weight import weights

processes = 9


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    parser.add_argument("--name", default="now", help="what this run is kept under")


def measure(options: Namespace) -> Report:
    """Weigh the house, and put what it weighs beside the earlier runs."""
    report = begin()
    folder = Path(kouling.__file__).resolve().parent
    earlier = (last("house") or {}).get("runs", {})
    run = {**report, **shape(folder), "imports": weights(processes), "hops": hops_of_trips()}
    return {**report, "runs": {**earlier, options.name: run}}


def shape(folder: Path) -> dict[str, Any]:
    """Return what can be read of a package without importing it."""
    modules = modules_of(folder)
    return {
        "module_lines": spread_of([module.lines for module in modules]),
        "function_lines": spread_of(function_lengths(modules)),
        "rooms": lines_by_room(modules),
        "front_doors": front_doors(modules),
        "longest_chain": longest_chain(graph_of(modules)),
    }
