"""What this process may take, and what it has taken; a system that knows no limit sets none.

Linux knows all of them. macOS knows no limit of memory that holds, Windows none at all: there the
parent's deadline is what ends a process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

try:
    import resource as _found
except ImportError:  # Windows
    resource: Any = None
else:
    resource = _found

proc = Path("/proc/self")
"""Where Linux says what a process takes."""

unlimited_mb = 1_000_000.0
"""What is left where nothing limits it."""


def limit_memory(more: int) -> None:
    """Allow so many bytes of address space more than there are; write no files, leave no core."""
    if resource is None:
        return
    taken = _address_space()
    if taken is not None:
        resource.setrlimit(resource.RLIMIT_AS, (taken + more, taken + more))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: int) -> None:
    """Allow so many seconds of processor time from now on."""
    if resource is not None:
        # A hard limit can't be raised again, so only the soft one moves on.
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds()) + 1 + seconds, most))


def cpu_seconds() -> float:
    """Return the processor time that this process has taken."""
    if resource is None:
        taken = os.times()
        return taken.user + taken.system
    used = resource.getrusage(resource.RUSAGE_SELF)
    return float(used.ru_utime + used.ru_stime)


def memory_left_mb() -> float:
    """Return how much address space is left to this process."""
    taken = _address_space()
    if resource is None or taken is None:
        return unlimited_mb
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    unbound = most == resource.RLIM_INFINITY
    return unlimited_mb if unbound else round((most - taken) / 1_000_000, 1)


def memory_peak_mb() -> float:
    """Return the most memory this process had; 0 where the system does not tell."""
    try:
        status = (proc / "status").read_text("ascii")
    except OSError:  # not Linux
        if resource is None:
            return 0.0
        unit = 1_000_000 if sys.platform == "darwin" else 1_000
        return float(round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1))
    # `getrusage` would tell the peak of who started this one, if that was higher.
    peak_kb = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(peak_kb) / 1_000, 1)


def _address_space() -> int | None:
    try:
        pages = int((proc / "statm").read_text("ascii").split()[0])
    except OSError:  # not Linux
        return None
    return pages * int(resource.getpagesize()) if resource is not None else None
