"""What fitting the feed costs as likes grow, and how quickly it serves.

Claim: from a hundred thousand to 20 million likes, choosing parameters and fitting grow no faster
than likes^1.2; 20 million fit in 16 GiB; the first 20 places of a gowalla user take p99 <= 0.2 ms.

Rivals: none here; what other libraries need is in `deliver_quality.py`, on the same likes.

How: made-up likes with power laws at both ends and a thousand tastes, each size in a process of
its own, so that its peak memory is its own. The exponent is the slope of a line through the
logarithms. Serving: 4,000 users of gowalla one after the other, from Python, one thread.

Machine: stated in the results. 20 million likes take some ten minutes, 2 million one.

Run: python benchmarks/deliver_speed.py --data ../shared/data --likes-max 2000000
     python benchmarks/deliver_speed.py --data ../shared/data --json FILE
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
from feed.likes import made_up_likes, real_likes
from shared.options import parser_of
from shared.results import begin, save
from tables.markdown import table

from kouling.deliver import Kind, Options, choose, fit_with

sizes = (100_000, 300_000, 1_000_000, 2_000_000, 5_000_000, 20_000_000)


def main() -> None:
    """Measure, print, and write the raw results."""
    options = _options()
    if options.one:
        print(json.dumps(_cost(options.one)))
        return
    real_likes(options.data, "gowalla")
    report = begin(likes_max=options.likes_max)
    wanted = [size for size in sizes if size <= options.likes_max]
    report["fit"] = [_in_its_own_process(size) for size in wanted]
    report["exponent"] = {
        name: round(_slope(report["fit"], name), 3) for name in ("fit_cpu_s", "total_cpu_s")
    }
    report["serving"] = _serving(options.data)
    columns = list(report["fit"][0])
    print(table(columns, [[f"{row[name]:,}" for name in columns] for row in report["fit"]]))
    print(f"exponents {report['exponent']}, serving {report['serving']}")
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
    small = made_up_likes(20_000)
    fit_with(small, choose(small, Options(kind=Kind.filter)))
    likes = made_up_likes(size)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    chosen = choose(likes, Options(kind=Kind.filter))
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
    if len(rows) < 2:
        return float("nan")
    return float(
        np.polyfit(np.log([row["likes"] for row in rows]), np.log([row[name] for row in rows]), 1)[
            0
        ]
    )


def _serving(data: Path) -> dict[str, float]:
    known, answers = real_likes(data, "gowalla")
    model = fit_with(known, choose(known, Options(kind=Kind.filter)))
    users = np.flatnonzero(np.diff(answers.start))
    spent = []
    for user in users[:: max(1, len(users) // 4_000)]:
        history = known.of(user)
        begun = time.perf_counter()
        model.recommend(history, 20)
        spent.append(1e6 * (time.perf_counter() - begun))
    found = np.percentile(spent[10:], [50, 95, 99])
    return dict(
        zip(("p50_us", "p95_us", "p99_us"), (round(float(one), 1) for one in found), strict=True)
    )


if __name__ == "__main__":
    main()
