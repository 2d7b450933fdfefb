"""What fitting the interest model costs as users and likes grow by ten.

Claim: from 200 thousand to 20 million likes a fit grows no faster than likes^1.2, and 20 million
fit in 16 GiB.

Rivals: none here; what other libraries need is in `deliver_quality`, on the same likes.

How: made-up likes with power laws at both ends and a thousand tastes, each size in a process of
its own, so that its peak memory is its own. The exponent is the slope of a line through the
logarithms of likes and CPU seconds. Parameters are chosen on at most 1.3 million likes, whatever
there are, and only when a model is fitted for the first time.

Machine: stated in the results. Some fifteen minutes, and 16 GiB, for 20 million likes.

Run: python -m benchmarks deliver_speed --likes-max 2000000 --json FILE
     python -m benchmarks deliver_speed --json FILE
"""

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace

import numpy as np

from benchmarks.bench.claims import Report, home
from benchmarks.bench.results import begin

slope_from = 200_000
"""Likes below which a fit costs what it costs to begin: left out of the exponent."""

sizes = (20_000, 200_000, 2_000_000, 20_000_000)


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    parser.add_argument("--likes-max", type=int, default=sizes[-1], help="largest size to measure")


def measure(options: Namespace) -> Report:
    """Fit ever more likes, each number of them in a process of its own."""
    report = begin(likes_max=options.likes_max)
    wanted = [size for size in sizes if size <= options.likes_max]
    report["fit"] = [_in_its_own_process(size) for size in wanted]
    report["exponent"] = {
        name: round(_slope(report["fit"], name), 3) for name in ("fit_cpu_s", "total_cpu_s")
    }
    return report


def is_kept(options: Namespace) -> bool:
    """Only a run of all sizes is kept."""
    return bool(options.likes_max >= sizes[-1])


def _in_its_own_process(size: int) -> Report:
    command = [sys.executable, "-m", "benchmarks.deliver_speed.cost", str(size)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=home.parent)
    row: Report = json.loads(done.stdout)
    print(f"{size:,} likes: {row['total_cpu_s']} CPU s, {row['peak_mb']} MB", file=sys.stderr)
    return row


def _slope(rows: list[Report], name: str) -> float:
    large = [row for row in rows if row["likes"] >= slope_from / 2]
    if len(large) < 2:
        return float("nan")
    likes, cost = (np.log([row[key] for row in large]) for key in ("likes", name))
    return float(np.polyfit(likes, cost, 1)[0])
