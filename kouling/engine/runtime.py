"""What all doors of one open database share: the store, the clock, chance, settings, caches.

Doors know the order of a verb's steps; how a write becomes one transaction and the same request
twice one answer is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeVar

from kouling import deliver, eventlog, gate, mint
from kouling.clock import Clock
from kouling.config import Settings
from kouling.db import Connection, Store, Waits
from kouling.errors import KoulingError, LimitExceeded
from kouling.eventlog import Request, Written, once, once_written, written
from kouling.ids import random_bytes

T = TypeVar("T")


class Runtime:
    """One open database, and all that is kept in memory beside it."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        seed: int | None,
        packs: tuple[str, ...] = (),
    ) -> None:
        self.store, self.settings, self.clock = store, settings, clock
        self.detectors = gate.detectors_for(settings.page_host, packs)
        self.gallery = gate.Gallery(settings.picture_workers, store.read)
        with store.read() as connection:
            self.random = random_bytes(seed, eventlog.length(connection))
        first_secret = self.random(mint.secret_bytes)
        readable = settings.keys_file_readable
        seal = mint.seal_of(store, settings.keys_file, readable=readable)
        self.ring = mint.LiveRing(store, clock, settings.issuer, first_secret, seal)
        self.surfaces = deliver.LiveSurfaces(store, clock, self.random, settings.model_folder)

    def read(self) -> AbstractContextManager[Connection]:
        """Open a connection that reads; it sees one moment of the database."""
        return self.store.read()

    def once(
        self, request: Request, answer_type: Any, act: Callable[[Connection, datetime], T]
    ) -> T:
        """Do a write in one transaction, or return what the same request was answered before."""
        return self.once_written(request, answer_type, lambda c, at: written(act(c, at)))

    def once_written(
        self, request: Request, answer_type: Any, act: Callable[[Connection, datetime], Written[T]]
    ) -> T:
        """Do the same with a write that has encoded its answer."""
        return self.store.write(
            lambda c: once_written(c, request, self.clock, answer_type, lambda at: act(c, at))
        )

    def once_found(
        self,
        request_of: Callable[[Connection, datetime], Request],
        answer_type: Any,
        act: Callable[[Connection, datetime], T],
    ) -> T:
        """Do the same with a request that is only known once the database is asked."""

        def found(connection: Connection) -> T:
            request = request_of(connection, self.clock())
            made = lambda at: act(connection, at)  # noqa: E731 - it is one step
            return once(connection, request, self.clock, answer_type, made)

        return self.store.write(found)

    def checked_many(
        self, items: Iterable[Any], check: Callable[[Any], T], count_max: int
    ) -> list[T | KoulingError]:
        """Return each of some items checked, or why it can't be used."""
        checked: list[T | KoulingError] = []
        for item in items:
            if len(checked) == count_max:
                raise LimitExceeded(f"more than {count_max} at once", hint="give them in parts")
            try:
                checked.append(check(item))
            except KoulingError as error:
                checked.append(error)
        return checked

    def many(
        self, items: Iterable[Any], act: Callable[[Connection, Any], T]
    ) -> tuple[T | KoulingError, ...]:
        """Do a write for each item in one transaction; one that fails leaves nothing."""

        def all_of_them(connection: Connection) -> tuple[T | KoulingError, ...]:
            return tuple(_attempt(connection, item, act) for item in items)

        return self.store.write(all_of_them)

    def fresh(self) -> str:
        """Return a new random id, or key of a request that nobody will ask again."""
        return self.random(16).hex()

    def close(self) -> None:
        """End the picture workers, finish waiting writes and close the database."""
        self.gallery.close()
        self.surfaces.close()
        self.store.close()


def _attempt(
    connection: Connection, item: Any, act: Callable[[Connection, Any], T]
) -> T | KoulingError:
    if isinstance(item, KoulingError):
        return item
    try:
        with connection.begin_nested():
            return act(connection, item)
    except KoulingError as error:
        return error


def waits_of(settings: Settings) -> Waits:
    """Return how long the settings let anything wait for the database."""
    return Waits(**{name: getattr(settings, name) for name in Waits._fields})
