"""The door of the database: what an engine stands on, looked after beside the rooms."""

from __future__ import annotations

from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import ClockState, accept_clock, clock_state


class DatabaseDoor:
    """The database itself: whether its clock can be trusted, whether its bytes are whole."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def clock(self, *, accept: bool = False) -> ClockState:
        """Return what the clock shows beside the log's newest time, and whether it can be used.

        With `accept` writing goes on by this clock, which a person has looked at: the log moves on
        to its time, or stands still until the clock has come to its own.
        """
        runtime = self._runtime
        if accept:
            runtime.store.write(lambda c: accept_clock(c, runtime.clock, runtime.fresh()))
        with runtime.read() as connection:
            return clock_state(connection, runtime.clock)
