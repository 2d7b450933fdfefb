"""What an import takes: processor time, memory and modules, each time in a fresh process."""

import json
import statistics
import subprocess
import sys

from benchmarks.bench.tree import root

# The kernel is asked for the peak: getrusage may tell that of the process which started this one.
_script = """
import json, sys, time
before = set(sys.modules)
start = time.process_time()
exec(sys.argv[1])
spent = time.process_time() - start
loaded = set(sys.modules) - before
ours = [name for name in loaded if name.partition(".")[0] == "kouling"]
print(json.dumps({
    "cpu_s": spent,
    "peak_mb": int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) / 1024,
    "modules": len(loaded),
    "own_modules": len(ours),
}))
"""


imports = ("import kouling", "from kouling import Engine")
"""The package alone, and the package with all that an engine needs."""


def weights(processes: int) -> dict[str, dict[str, float]]:
    """Return what each import takes."""
    return {statement: weight_of(statement, processes) for statement in imports}


def weight_of(statement: str, processes: int) -> dict[str, float]:
    """Return the medians of so many fresh processes, after one that counts for nothing."""
    runs = [_once(statement) for _ in range(processes + 1)][1:]
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}


def _once(statement: str) -> dict[str, float]:
    command = [sys.executable, "-c", _script, statement]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=root)
    weight: dict[str, float] = json.loads(done.stdout)
    return weight
