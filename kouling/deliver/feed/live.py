"""The interest feed of a running engine: what it knows of all likes, kept up with the log.

The state is a function of the table of likes and of the model in the folder, so every process
over one database comes to the same, and a crash loses nothing. Each reading first takes in what
the event log has gained; a refit makes a new state beside the old one and then takes its place.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kouling import eventlog
from kouling.db import Connection, Store
from kouling.deliver import table
from kouling.deliver.records import Reached
from kouling.errors import Conflict, KoulingError, StoreError
from kouling.ids import ItemId, UserId
from kouling.interest import Known, Names, hand_over, in_use, known_of, matrix_of, reach
from kouling.people import blocked_with

refit_likes_min, refit_share = 1_000, 0.03
"""A fit begins by itself after so many changed likes, and this part of those it has seen."""

_refused = 3  # as `interest.refit` ends when the model is worse than the one in use


class Spoken(NamedTuple):
    """An item that likes speak for, and the like that spoke most."""

    item: ItemId
    because: ItemId


class LiveFeed:
    """Recommends from all likes up to now; safe to use from many threads.

    Without a folder the models are kept until it is closed.
    """

    def __init__(self, store: Store, folder: Path | None) -> None:
        self._store, self._folder, self._scratch = store, folder, folder is None
        self._lock, self._one_fit = threading.RLock(), threading.Lock()
        self._known: Known | None = None
        self._seq = self._changes = 0
        self._fit: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def recommend(self, connection: Connection, viewer: UserId, n: int) -> list[Spoken]:
        """Return up to `n` items that a viewer's likes speak for, best first."""
        known = self._up_to_date(connection)
        user = known.users.find(viewer)
        if user is None:
            return []
        best = known.online.recommend(known.online.history(user), n)
        ids = known.items.ids
        return [
            Spoken(ItemId(ids[item]), ItemId(ids[because]))
            for item, because in zip(best.items.tolist(), best.because.tolist(), strict=True)
        ]

    def audience(self, connection: Connection, item: ItemId, n: int) -> tuple[Reached, ...]:
        """Return up to `n` people to push an item to, best first.

        Its likers are left out, and whoever its author blocks or is blocked by.
        An item without likes is judged by those of its creator's other items; where there are
        none, nobody is better than anybody, and the answer is empty.
        """
        author = table.author_of(connection, item)
        likers = table.likers(connection, [item])
        seeds = likers or table.likers(connection, table.items_of(connection, author))
        kept_out = {author, *blocked_with(connection, author)}
        found = self._reach(connection, seeds, item if likers else None, n + len(kept_out))
        return tuple(one for one in found if one.user not in kept_out)[:n]

    def alike(
        self, connection: Connection, author: UserId, new: frozenset[ItemId], n: int
    ) -> frozenset[UserId] | None:
        """Return a creator's audience and who resembles it most; None if it has none.

        Likes of `new` items don't count: their trial is what the audience is wanted for.
        """
        earlier = [item for item in table.items_of(connection, author) if item not in new]
        seeds = table.likers(connection, earlier)
        if not seeds:
            return None
        return frozenset([*seeds, *(r.user for r in self._reach(connection, seeds, None, n))])

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
            matrix = matrix_of(likes.users, likes.items, (Names(), Names()))
            with tempfile.TemporaryDirectory(prefix="kouling-fit-") as folder:
                hand_over(matrix, Path(folder))
                self._run_fit(Path(folder), self._root())
            self._swap()
            return True

    def close(self) -> None:
        """End a fit that is running, and throw away models that nobody asked to keep."""
        self._closed = True
        if self._fit is not None:
            self._fit.kill()
        if self._thread is not None:
            self._thread.join()
        if self._scratch and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _reach(
        self, connection: Connection, seeds: set[UserId], item: ItemId | None, n: int
    ) -> list[Reached]:
        known = self._up_to_date(connection)
        numbers = [known.users.find(user) for user in sorted(seeds)]
        found = np.array([number for number in numbers if number is not None], np.int64)
        if not len(found):
            return []
        of = None if item is None else known.items.find(item)
        users, scores = reach(known.online, found, of, n)
        return [
            Reached(UserId(known.users.ids[user]), float(score))
            for user, score in zip(users.tolist(), scores.tolist(), strict=True)
        ]

    def _up_to_date(self, connection: Connection) -> Known:
        """Take in what the log has gained up to what this connection sees."""
        with self._lock:
            known = self._known
            if known is None:
                self._known, self._seq = known, _ = self._load(connection)
            seq = eventlog.length(connection)
            if seq > self._seq:
                self._take_in(connection, known)
                self._seq = seq
            self._fit_when_due(known)
            return known

    def _load(self, connection: Connection) -> tuple[Known, int]:
        likes = table.load_likes(connection)
        return known_of(likes.users, likes.items, in_use(self._folder)), likes.seq

    def _take_in(self, connection: Connection, known: Known) -> None:
        asked = eventlog.requests_after(connection, self._seq, ("like", "unlike"))
        for user in dict.fromkeys(UserId(body[0]) for body in asked):
            history = known.items.numbers(table.likes_of(connection, user))
            known.online.set_history(known.users.number(user), history)
        self._changes += len(asked)

    def _fit_when_due(self, known: Known) -> None:
        due = self._changes >= max(refit_likes_min, refit_share * known.fitted_likes)
        waits = not known.fitted and known.fitted_likes > 0  # too many likes for pairs alone
        running = self._thread is not None and self._thread.is_alive()
        if (due or (waits and self._thread is None)) and not running and not self._closed:
            self._changes = 0
            self._thread = threading.Thread(target=self._refit_quietly, name="kouling-refit")
            self._thread.daemon = True
            self._thread.start()

    def _refit_quietly(self) -> None:
        try:
            self.refit()
        except KoulingError:
            return  # the old model serves on; as many changes again, and a new fit is tried

    def _run_fit(self, likes: Path, folder: Path) -> None:
        command = [sys.executable, "-m", "kouling.interest.refit", str(likes), str(folder)]
        with tempfile.TemporaryFile() as said:
            self._fit = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=said)
            status = self._fit.wait()
            self._fit = None
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
        if status == _refused:
            raise Conflict(words)
        if status:
            raise StoreError(
                f"the fit ended with {status}: {words[-300:]}",
                hint="the model before it serves on; look at the memory of the machine",
            )

    def _swap(self) -> None:
        with self._store.read() as connection:
            fresh = self._load(connection)
        with self._lock:
            (self._known, self._seq), self._changes = fresh, 0

    def _root(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="kouling-feed-"))
        return self._folder
