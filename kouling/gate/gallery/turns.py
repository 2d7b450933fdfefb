"""Turns: items wait until their pictures are looked into, as many at once as there are workers.

They wait in threads of their own, so that a worker is asked for only when one is free.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from kouling.gate.gallery.sight import Sight
from kouling.gate.records import Item


class Turns:
    """Threads that look into pictures; `waiting_max` pictures may wait or be looked into."""

    def __init__(self, workers: int, waiting_max: int | None) -> None:
        self.waiting_max = waiting_max
        self._threads = ThreadPoolExecutor(max(1, workers), thread_name_prefix="pictures")
        self._waiting, self._lock = 0, threading.Lock()

    def take(self, item: Item, look: Callable[[Item], Sight]) -> Future[Sight] | None:
        """Let an item wait for its turn; None if too many wait already."""
        count = len(item.pictures)
        with self._lock:
            if self.waiting_max is not None and self._waiting + count > self.waiting_max:
                return None
            self._waiting += count
        return self._threads.submit(self._look, item, look)

    def close(self) -> None:
        """End the threads, once those that wait have had their turns."""
        self._threads.shutdown()

    def _look(self, item: Item, look: Callable[[Item], Sight]) -> Sight:
        try:
            return look(item)
        finally:
            with self._lock:
                self._waiting -= len(item.pictures)
