"""Check on which systems the locked libraries come as wheels, so that nobody needs a compiler.

    python -m tools.check_wheels [SYSTEM …]

asks the registry that pip is set to, and prints for each system and version of Python what has no
wheel. docs/reference/systems.md says what follows from it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker
from packaging.version import Version

lock = Path(__file__).parent.parent / "requirements.lock"
pythons = ("3.11", "3.12", "3.13")


class System(NamedTuple):
    """A system as wheels are named for it, and as markers ask about it."""

    platforms: tuple[str, ...]
    marks: dict[str, str]


def _marks(system: str, machine: str, name: str) -> dict[str, str]:
    return {"sys_platform": system, "platform_machine": machine, "platform_system": name} | {
        "os_name": "nt" if system == "win32" else "posix"
    }


_linux = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
systems = {
    "linux": System(tuple(f"{one}_x86_64" for one in _linux), _marks("linux", "x86_64", "Linux")),
    "linux-arm": System(
        tuple(f"{one}_aarch64" for one in _linux), _marks("linux", "aarch64", "Linux")
    ),
    "macos": System(
        tuple(f"macosx_{one}_arm64" for one in ("14_0", "13_0", "12_0", "11_0")),
        _marks("darwin", "arm64", "Darwin"),
    ),
    "windows": System(("win_amd64",), _marks("win32", "AMD64", "Windows")),
}


def pins(text: str, marks: dict[str, str], python: str) -> list[str]:
    """Return the pinned libraries of a lock file that a system needs."""
    environment = {
        **marks,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    found = []
    for line in re.findall(r"^(\S+==[^\\\n]+)", text, re.MULTILINE):
        pin, _, marker = line.partition(";")
        if not marker.strip() or Marker(marker.strip()).evaluate(dict(environment)):
            found.append(pin.strip())
    return found


def without_wheel(system: System, python: str, wanted: list[str]) -> list[str]:
    """Return those of some pins that have no wheel for a system and a version of Python."""
    missing: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        while rest := [pin for pin in wanted if pin not in missing]:
            command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "-q"]
            command += ["--only-binary=:all:", "--ignore-requires-python", "--target", folder]
            command += ["--python-version", python]
            command += [part for one in system.platforms for part in ("--platform", one)]
            done = subprocess.run([*command, *rest], capture_output=True, text=True, check=False)
            if not done.returncode:
                break
            named = re.search(r"No matching distribution found for (\S+)", done.stderr)
            if named is None or named[1] not in rest:
                raise SystemExit(done.stderr)
            missing.append(named[1])
    return missing


def main() -> None:
    """Check the systems that are named, or all."""
    text = lock.read_text("utf-8")
    for name in sys.argv[1:] or systems:
        for python in sorted(pythons, key=Version):
            wanted = pins(text, systems[name].marks, python)
            missing = without_wheel(systems[name], python, wanted)
            said = f"no wheel: {', '.join(missing)}" if missing else "all have wheels"
            print(f"{name:10} {python}  {len(wanted)} libraries, {said}")


if __name__ == "__main__":
    main()
