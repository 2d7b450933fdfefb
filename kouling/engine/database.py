"""The door of the database: what an engine stands on, looked after beside the rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from kouling import deliver, gate, mint, people, redeem, settle
from kouling.db import Connection, Store
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import ClockState, Fault, accept_clock, clock_state, faults_of, log_faults

Check = Callable[[Connection], Iterable[Fault]]

_parts: dict[str, Check] = {
    "event": log_faults,
    "people": people.people_faults,
    "share code": mint.code_faults,
    "item": gate.item_faults,
    "like": deliver.like_faults,
    "redemption": redeem.redemption_faults,
    "ledger": lambda connection: _ledger_faults(connection),
}
"""What follows from the log, in the order data flows, and how each is looked at."""


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

    @verb
    def check(self) -> tuple[Fault, ...]:
        """Look at every byte that the log or a digest vouches for; return what is not as written.

        Takes as long as reading the whole database. Writing goes on meanwhile.
        """
        store, found = self._runtime.store, []
        found += faults_of("file", lambda: [Fault("file", said) for said in store.faults()])
        for part, check in _parts.items():
            found += faults_of(part, partial(_look, store, check))
        return tuple(found)


def _look(store: Store, check: Check) -> Iterator[Fault]:
    with store.read() as connection:
        yield from check(connection)


def _ledger_faults(connection: Connection) -> Iterable[Fault]:
    settle.verify_ledger(connection)
    return ()
