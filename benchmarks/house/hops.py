"""An act comes in; how far it travels through our code, and what it asks the database, goes out.

Calls are counted in all threads of this process that were started since `Hops` was made; picture
workers are processes of their own and not counted. Generators count each time they go on.
"""

import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import sqlalchemy as sa


class Hops:
    """A tracer; it has to be made before the engine is opened, which starts threads."""

    def __init__(self, package: Path) -> None:
        self._package = str(package)
        self._on = False
        self._calls: dict[int, list[str]] = {}
        self._statements = 0
        threading.setprofile(self._see)
        sys.setprofile(self._see)
        sa.event.listen(sa.Engine, "before_cursor_execute", self._ask)

    def close(self) -> None:
        """Look no longer."""
        threading.setprofile(None)
        sys.setprofile(None)
        sa.event.remove(sa.Engine, "before_cursor_execute", self._ask)

    def of(self, act: Callable[[], object]) -> dict[str, int]:
        """Return an act's calls of our functions, files, changes of file, and SQL statements."""
        self._calls, self._statements, self._on = {}, 0, True
        try:
            act()
        finally:
            self._on = False
        trails = list(self._calls.values())
        return {
            "calls": sum(map(len, trails)),
            "files": len({file for trail in trails for file in trail}),
            "changes_of_file": sum(map(_changes, trails)),
            "statements": self._statements,
        }

    def _see(self, frame: FrameType, event: str, _argument: object) -> None:
        if self._on and event == "call":
            file = frame.f_code.co_filename
            if file.startswith(self._package):
                self._calls.setdefault(threading.get_ident(), []).append(file)

    def _ask(self, *_arguments: Any) -> None:
        self._statements += self._on


def _changes(trail: list[str]) -> int:
    return sum(file != before for before, file in pairwise(trail))
