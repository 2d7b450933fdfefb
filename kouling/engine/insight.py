"""The door of insight: what all rooms did becomes numbers; it reads only."""

from __future__ import annotations

from datetime import date

from kouling import insight
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.ids import Name, UserId
from kouling.insight import Overlap, Steadiness


class InsightDoor:
    """Called, it gives a named table of numbers."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def __call__(self, name: Name, day: date) -> insight.Table:
        """Return the named table of numbers for a day (UTC)."""
        with self._runtime.read() as connection:
            return insight.tabulate(connection, name, day)

    @verb
    def steadiness(self, creator: UserId) -> Steadiness:
        """Return whether a creator's likes are steady or one hit, and whose else the likers are."""
        with self._runtime.read() as connection:
            return insight.steadiness(connection, creator, self._runtime.clock())

    @verb
    def overlap(self, creator: UserId, other: UserId) -> Overlap:
        """Return how far two creators have the same likers."""
        with self._runtime.read() as connection:
            return insight.overlap(connection, creator, other)
