"""Turns: items wait until their pictures are looked into, as many at once as there are workers.

They wait outside of the threads that look, by author and in a fair order, so that a worker is
asked for only when one is free and no author keeps the others waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from kouling.gate.gallery.sight import Sight
from kouling.gate.records import Item
from kouling.picture import Rota


class _Turn(NamedTuple):
    """An item that waits, how it is looked into, and where the sight of it is to be had."""

    item: Item
    look: Callable[[Item], Sight]
    sight: Future[Sight]


class Turns:
    """Threads that look into pictures; `waiting_max` pictures may wait or be looked into."""

    def __init__(self, workers: int, waiting_max: int | None) -> None:
        self.waiting_max = waiting_max
        places = max(1, workers)
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="pictures")
        self._rota: Rota[_Turn] = Rota(places)
        self._waiting, self._changed = 0, threading.Condition()

    def take(self, item: Item, look: Callable[[Item], Sight]) -> Future[Sight] | None:
        """Let an item wait for its turn; None if too many wait already."""
        count = len(item.pictures)
        turn = _Turn(item, look, Future())
        with self._changed:
            if self.waiting_max is not None and self._waiting + count > self.waiting_max:
                return None
            self._waiting += count
            self._rota.wait(item.author, turn)
            self._begin()
        return turn.sight

    def close(self) -> None:
        """End the threads, once those that wait have had their turns."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting)
        self._threads.shutdown()

    def _begin(self) -> None:
        """Give all places that are free to those whose turn it is."""
        while (turn := self._rota.next()) is not None:
            self._threads.submit(self._look, turn)

    def _look(self, turn: _Turn) -> None:
        try:
            turn.sight.set_result(turn.look(turn.item))
        except BaseException as error:  # it is raised where the sight is asked for
            turn.sight.set_exception(error)
        finally:
            with self._changed:
                self._waiting -= len(turn.item.pictures)
                self._rota.done(turn.item.author)
                self._begin()
                self._changed.notify_all()
