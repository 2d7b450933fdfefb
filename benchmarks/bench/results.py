"""A run's raw figures go to its claim's `results.json`, or to another file.

Beside them stand when, on which machine, with which versions and from which source.
"""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bench.claims import Report, results_file
from benchmarks.bench.machine import machine_facts


def begin(**facts: Any) -> Report:
    """Return the head of a report: the facts that its figures depend on, taken before the run."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine_facts(),
        "source": _source(),
        **facts,
    }


def save(name: str, report: Report, file: Path | None = None) -> None:
    """Write a report to its place, or to another file."""
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (file or results_file(name)).write_text(text, "utf-8")


def last(name: str) -> Report | None:
    """Return the raw figures of a claim's last run; None if it has left none."""
    file = results_file(name)
    if not file.exists():
        return None
    report: Report = json.loads(file.read_text("utf-8"))
    return report


def _source() -> dict[str, Any]:
    """Name the commit of the package that runs, and say whether it differs from that commit."""
    import kouling  # not sooner: which one it is depends on --tree

    folder = Path(kouling.__file__).parent
    commit = _git(folder, "rev-parse", "--short", "HEAD")
    changed = _git(folder, "status", "--porcelain", "--", ".")
    return {"commit": commit, "package_changed": None if changed is None else bool(changed)}


def _git(folder: Path, *words: str) -> str | None:
    command = ["git", "-C", str(folder), *words]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
