"""Pictures over HTTP: as many are looked into at once as there are workers, the others wait.

Items come in, what was seen in their pictures comes out. They wait in threads of their own, so
that neither the event loop nor a large batch of texts waits for them, and only so many wait: more
are not inspected, with the reason. Nothing is remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from kouling.gate import Evidence, EvidenceKind, Gallery, Item, Judge, Signal, not_inspected

pictures_waiting_max = 200
"""Pictures that wait for a worker or are looked into, of all requests together."""


class Viewer:
    """The picture workers of one server; close it when the server ends."""

    def __init__(self, workers: int) -> None:
        self._gallery = Gallery(workers)
        self._threads = ThreadPoolExecutor(max(1, workers), thread_name_prefix="pictures")
        self._waiting = 0

    def close(self) -> None:
        """End the workers; what still waits is not inspected."""
        self._gallery.close()
        self._threads.shutdown()

    async def see(self, items: Sequence[Item], judge: Judge) -> list[tuple[Signal, ...]]:
        """Return what is seen in the pictures of each item; called on the event loop alone."""
        return await asyncio.gather(*(self._see(item, judge) for item in items))

    async def _see(self, item: Item, judge: Judge) -> tuple[Signal, ...]:
        count = len(item.pictures)
        if not count:
            return ()
        if self._waiting + count > pictures_waiting_max:
            why = Evidence(EvidenceKind.waiting_budget, about=str(pictures_waiting_max))
            return not_inspected(item, why)
        self._waiting += count
        try:
            loop = asyncio.get_running_loop()
            seen = await loop.run_in_executor(self._threads, self._gallery.see, item, judge)
        finally:
            self._waiting -= count
        return seen.signals
