"""A number of likes comes in, what a fit of so many costs goes out as JSON.

python -m benchmarks.deliver_speed.cost 200000
"""

import json
import resource
import sys
import time

from benchmarks.bench.claims import Report
from benchmarks.bench.likes import made_up_likes
from kouling.interest import ModelKind, Options, choose_parameters, fit_with


def cost(size: int) -> Report:
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


if __name__ == "__main__":
    print(json.dumps(cost(int(sys.argv[1]))))
