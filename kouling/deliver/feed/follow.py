"""All likes up to now, kept up with the event log: what the interest feed recommends by.

The state is a function of the table of likes and of the model in the folder, so every process
over one database comes to the same, and a crash loses nothing. Each reading first takes in what
the event log has gained; a refit makes a new state beside the old one and then takes its place.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import NamedTuple

from kouling import eventlog
from kouling.db import Connection, Store
from kouling.deliver import table
from kouling.deliver.feed.refit import Fits, is_due
from kouling.ids import ItemId, UserId
from kouling.interest import InterestState, Names, matrix_of, model_in_use, state_of


class Recommendation(NamedTuple):
    """An item that likes speak for, and the like that spoke most."""

    item: ItemId
    because: ItemId


class LiveLikes:
    """The state of all likes up to now; safe to use from many threads."""

    def __init__(self, store: Store, folder: Path | None) -> None:
        self._store, self._fits = store, Fits(folder)
        self._lock, self._one_fit = threading.RLock(), threading.Lock()
        self._state: InterestState | None = None
        self._seq = self._changes = 0

    def recommend(self, connection: Connection, viewer: UserId, n: int) -> list[Recommendation]:
        """Return up to `n` items that a viewer's likes speak for, best first."""
        state = self.state(connection)
        user = state.users.find(viewer)
        if user is None:
            return []
        best = state.online.recommend(state.online.history(user), n)
        ids = state.items.ids
        return [
            Recommendation(ItemId(ids[item]), ItemId(ids[because]))
            for item, because in zip(best.items.tolist(), best.because.tolist(), strict=True)
        ]

    def state(self, connection: Connection) -> InterestState:
        """Take in what the log has gained up to what this connection sees, and return all."""
        with self._lock:
            state = self._state
            if state is None:
                self._state, self._seq = state, _ = self._load(connection)
            seq = eventlog.length(connection)
            if seq > self._seq:
                self._take_in(connection, state)
                self._seq = seq
            due = is_due(state, self._changes, again=self._fits.begun)
            if due and self._fits.begin(self.refit):
                self._changes = 0
            return state

    def refit(self) -> bool:
        """Fit a new model on all likes and serve it; say whether there was anything to fit.

        Serving goes on with the old one meanwhile. Raises `Conflict` if the new one is worse and
        `StoreError` if the fit dies; the old one stays then.
        """
        with self._one_fit:
            with self._store.read() as connection:
                likes = table.load_likes(connection)
            if not likes.users:
                return False
            self._fits.run(matrix_of(likes.users, likes.items, (Names(), Names())))
            with self._store.read() as connection:
                fresh = self._load(connection)
            with self._lock:
                (self._state, self._seq), self._changes = fresh, 0
            return True

    def close(self) -> None:
        """End what runs in the background."""
        self._fits.close()

    def _load(self, connection: Connection) -> tuple[InterestState, int]:
        likes = table.load_likes(connection)
        return state_of(likes.users, likes.items, model_in_use(self._fits.folder)), likes.seq

    def _take_in(self, connection: Connection, state: InterestState) -> None:
        asked = eventlog.requests_after(connection, self._seq, ("like", "unlike"))
        for user in dict.fromkeys(UserId(body[0]) for body in asked):
            history = state.items.numbers(table.likes_of(connection, user))
            state.online.set_history(state.users.number(user), history)
        self._changes += len(asked)
