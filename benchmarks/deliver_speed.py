"""What fitting the feed costs as users and likes grow by ten.

Claim: from 200 thousand to 20 million likes a fit grows no faster than likes^1.2, and 20 million
fit in 16 GiB.

Rivals: none here; what other libraries need is in `deliver_quality.py`, on the same likes.

How: made-up likes with power laws at both ends and a thousand tastes, each size in a process of
its own, so that its peak memory is its own. The exponent is the slope of a line through the
logarithms of likes and CPU seconds. Parameters are chosen on at most 1.3 million likes, whatever
there are, and only when a feed is fitted for the first time.

Machine: stated in the results. Some fifteen minutes, and 16 GiB, for 20 million likes.

Run: python benchmarks/deliver_speed.py --likes-max 2000000
     python benchmarks/deliver_speed.py --json FILE
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from feed.likes import made_up_likes
from shared.options import parser_of
from shared.results import begin, save
from tables.feed import growth_tables

from kouling.interest import ModelKind, Options, choose_parameters, fit_with

slope_from = 200_000
"""Likes below which a fit costs what it costs to begin: left out of the exponent."""

sizes = (20_000, 200_000, 2_000_000, 20_000_000)


def main() -> None:
    """Measure, print, and write the raw results."""
    options = _options()
    if options.one:
        print(json.dumps(_cost(options.one)))
        return
    report = begin(likes_max=options.likes_max)
    wanted = [size for size in sizes if size <= options.likes_max]
    report["fit"] = [_in_its_own_process(size) for size in wanted]
    report["exponent"] = {
        name: round(_slope(report["fit"], name), 3) for name in ("fit_cpu_s", "total_cpu_s")
    }
    print("\n".join(growth_tables(report).values()))
    save("deliver_speed", report, options.json)


def _options() -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--likes-max", type=int, default=sizes[-1], help="largest size to measure")
    parser.add_argument("--one", type=int, default=0, help="measure this size alone, as JSON")
    return parser.parse_args()


def _in_its_own_process(size: int) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__)), "--one", str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    row: dict[str, Any] = json.loads(done.stdout)
    print(f"{size:,} likes: {row['total_cpu_s']} CPU s, {row['peak_mb']} MB", file=sys.stderr)
    return row


def _cost(size: int) -> dict[str, Any]:
    """Choose and fit once on small likes, to have all compiled, then on these."""
    small = made_up_likes(5_000)
    fit_with(small, choose_parameters(small, Options(kind=ModelKind.filter)))
    likes = made_up_likes(size)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    chosen = choose_parameters(likes, Options(kind=ModelKind.filter))
    middle, middle_cpu = time.perf_counter(), time.process_time()
    fit_with(likes, chosen)
    ended, ended_cpu = time.perf_counter(), time.process_time()
    return {
        "likes": len(likes),
        "users": likes.users,
        "items": likes.items,
        "choose_wall_s": round(middle - begun, 2),
        "choose_cpu_s": round(middle_cpu - begun_cpu, 2),
        "fit_wall_s": round(ended - middle, 2),
        "fit_cpu_s": round(ended_cpu - middle_cpu, 2),
        "total_cpu_s": round(ended_cpu - begun_cpu, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _slope(rows: list[dict[str, Any]], name: str) -> float:
    large = [row for row in rows if row["likes"] >= slope_from / 2]
    if len(large) < 2:
        return float("nan")
    likes, cost = (np.log([row[key] for row in large]) for key in ("likes", name))
    return float(np.polyfit(likes, cost, 1)[0])


if __name__ == "__main__":
    main()
