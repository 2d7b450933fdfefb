"""Pictures that ended their workers, twice: by their digests they are not given to another one.

What was seen is stored with the decision; this is for the same bytes that come before, or where
nothing is stored.
"""

from __future__ import annotations

import threading

from kouling.picture import Gap

killers_max = 10_000
"""Digests that are remembered; beyond that the oldest is forgotten."""


class Killers:
    """Digests of pictures and what became of their workers; safe to use from many threads."""

    def __init__(self) -> None:
        self._gaps: dict[str, Gap] = {}
        self._lock = threading.Lock()

    def add(self, digest: str, gap: Gap) -> None:
        """Remember a picture that ended its workers."""
        with self._lock:
            self._gaps[digest] = gap
            while len(self._gaps) > killers_max:
                del self._gaps[next(iter(self._gaps))]

    def get(self, digest: str) -> Gap | None:
        """Return what became of the workers that were given this picture; None if it was none."""
        with self._lock:
            return self._gaps.get(digest)
