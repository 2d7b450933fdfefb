"""Facts about the machine and the libraries that a figure was measured on.

Nothing comes in, a plain dictionary goes out; it names no host, user or path.
"""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

libraries = ("numpy", "hyperscan", "google-re2", "msgspec", "cel-expr-python", "can-ada")
"""The libraries that the gate's figures depend on."""


def machine_facts() -> dict[str, Any]:
    """Return cores, processor, Python and library versions, and how busy the machine is."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in ("kouling", *libraries)},
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    """Return the model name, as the kernel gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
