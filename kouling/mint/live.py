"""The key ring as it stands in the database, asked for again every few seconds.

A process that adds a key knows it at once; the others know it within `age_max`, long before the
new key mints.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kouling.clock import Clock, time_min
from kouling.db import Connection, Store
from kouling.mint.codec import Key, KeyRing
from kouling.mint.seal import Seal, read_seal
from kouling.mint.table import add_key, has_sealed_keys, load_ring, seal_keys

age_max = timedelta(seconds=5)
"""After this long a process asks again which keys there are."""

key_lead = timedelta(seconds=60)
"""A rotated key mints only after this long, when every process knows it."""


class LiveRing:
    """Gives the present key ring when called; safe to use from many threads.

    A database without own key gets its first one, made of `first_secret`.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        issuer: str,
        first_secret: bytes,
        seal: Seal | None = None,
    ) -> None:
        self._store, self._clock, self._issuer = store, clock, issuer
        self.seal = seal or Seal()
        """What keys are kept under."""
        store.write(lambda connection: self._first_key(connection, first_secret))
        self.refresh()

    def __call__(self) -> KeyRing:
        """Return the key ring, at most five seconds old."""
        if abs(self._clock() - self._asked_at) > age_max:  # a clock may be set back, too
            self.refresh()
        return self._ring

    def refresh(self) -> None:
        """Ask the database at once."""
        with self._store.read() as connection:
            self._ring = load_ring(connection, self._issuer, self.seal)
        self._asked_at = self._clock()

    def _first_key(self, connection: Connection, secret: bytes) -> None:
        if self.seal.seals:
            seal_keys(connection, self.seal)
        ring = load_ring(connection, self._issuer, self.seal)
        if not any(key.issuer == self._issuer for key in ring.keys):
            # from the beginning: the clock of another process may stand a moment behind this one
            key = Key(issuer=self._issuer, secret=secret, mints_from=time_min)
            add_key(connection, key, self._issuer, self.seal)


def seal_of(store: Store, keys_file: str, *, readable: bool) -> Seal:
    """Return what a database's keys are kept under: nothing, or the seal of a file.

    The file is made for a database that has no sealed keys yet.
    """
    if not keys_file:
        return Seal()
    with store.read() as connection:
        make = not has_sealed_keys(connection)
    return read_seal(Path(keys_file), make=make, readable=readable)
