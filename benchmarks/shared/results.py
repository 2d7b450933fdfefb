"""A script's figures go to `results/NAME.json` and into the tables of `docs/benchmarks.md`.

Beside them stand when, on which machine, with which versions and from which source.
"""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tables.page import write_page

import kouling
from shared.machine import machine_facts

folder = Path(__file__).parent.parent / "results"


def begin(**facts: Any) -> dict[str, Any]:
    """Return the head of a report: the facts that its figures depend on, taken before the run."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine_facts(),
        "source": _source(),
        **facts,
    }


def save(name: str, report: dict[str, Any], file: Path | None = None) -> None:
    """Write a report to its place and renew the page, or write it to another file alone."""
    target = file or folder / f"{name}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if file is None:
        write_page()


def _source() -> dict[str, Any]:
    """Name the commit of the package that runs, and say whether it differs from that commit."""
    commit = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", ".")
    return {"commit": commit, "package_changed": None if changed is None else bool(changed)}


def _git(*words: str) -> str | None:
    command = ["git", "-C", str(Path(kouling.__file__).parent), *words]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
