"""Pictures over HTTP: as many are looked into at once as there are workers, the others wait.

They wait in threads of their own, so that neither the event loop nor a large batch of texts waits
for them, and only so many wait, of all requests together: more are not inspected, with the
reason. Nothing is remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from kouling.gate import Brief, Evidence, EvidenceKind, Gallery, Item, Sight, not_inspected

pictures_waiting_max = 200
"""Pictures that wait for a worker or are looked into, of all requests together."""

requests_refused_at_once = 4
"""Requests that are told at once that too many wait, beside those that wait."""


class SharedGallery(Gallery):
    """The picture workers of one server; close it when the server ends.

    A request with pictures waits for them in one of the threads of `requests`.
    """

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self._looking = ThreadPoolExecutor(max(1, workers), thread_name_prefix="pictures")
        self.requests = ThreadPoolExecutor(
            pictures_waiting_max + requests_refused_at_once, thread_name_prefix="requests"
        )
        self._waiting, self._lock = 0, threading.Lock()

    def close(self) -> None:
        """End the workers; what still waits is not inspected."""
        super().close()
        self._looking.shutdown()
        self.requests.shutdown()

    def see_all(self, items: Sequence[Item], brief: Brief) -> list[Sight]:
        """Look into the pictures of each item in its turn; there is none if too many wait."""
        turns = [self._turn(item, brief) if item.pictures else Sight() for item in items]
        return [turn.result() if isinstance(turn, Future) else turn for turn in turns]

    def _turn(self, item: Item, brief: Brief) -> Future[Sight] | Sight:
        count = len(item.pictures)
        with self._lock:
            if self._waiting + count > pictures_waiting_max:
                why = Evidence(EvidenceKind.waiting_budget, about=str(pictures_waiting_max))
                return Sight(not_inspected(item, why))
            self._waiting += count
        return self._looking.submit(self._in_turn, item, brief)

    def _in_turn(self, item: Item, brief: Brief) -> Sight:
        try:
            return self.see(item, brief)
        finally:
            with self._lock:
                self._waiting -= len(item.pictures)
