"""Hashes of known pictures, searched by distance: which of them may a new one be a copy of.

PDQ hashes (Meta 2019) of 256 bits come in, the nearest known marks go out; the search is exact.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from kouling.picture.look import Imprint

hash_bytes = 32
"""Bytes of one hash."""

distance_max = 90
"""Bits in which a candidate differs at most."""

candidates_max = 6
"""Pictures whose features are compared."""


class Neighbour(NamedTuple):
    """A known picture that may be the one: which mark, and in how many bits it differs."""

    mark: int
    distance: int


class Index:
    """Hashes of marks, searched by distance; safe to use from many threads."""

    def __init__(self) -> None:
        self._hashes: Any = None
        self._marks: list[int] = []
        self._lock = threading.Lock()
        self.newest = 0

    def __len__(self) -> int:
        return len(self._marks)

    def add(self, mark: int, hashes: bytes) -> None:
        """Take in the hashes of a mark, 32 bytes each; marks come in rising order."""
        self.add_many([(mark, hashes)])

    def add_many(self, marks: Sequence[tuple[int, bytes]]) -> None:
        """Take in the hashes of several marks; those that are in already are left out."""
        with self._lock:
            fresh = [(mark, hashes) for mark, hashes in marks if mark > self.newest]
            if not fresh:
                return
            if self._hashes is None:
                self._hashes = _faiss().IndexBinaryFlat(8 * hash_bytes)
            rows = np.frombuffer(b"".join(hashes for _, hashes in fresh), np.uint8)
            self._hashes.add(rows.reshape(-1, hash_bytes))
            for mark, hashes in fresh:
                self._marks += [mark] * (len(hashes) // hash_bytes)
            self.newest = fresh[-1][0]

    def nearest(self, hashes: Sequence[bytes]) -> list[Neighbour]:
        """Return the nearest marks to any of some hashes, each once, the nearest first."""
        if not self._marks or not hashes:
            return []
        asked = np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, hash_bytes)
        with self._lock:
            distances, places = self._hashes.search(asked, min(4 * candidates_max, len(self)))
        best: dict[int, int] = {}
        for distance, place in zip(distances.ravel(), places.ravel(), strict=True):
            mark = self._marks[place]
            if distance <= distance_max:
                best[mark] = min(int(distance), best.get(mark, distance_max))
        ranked = sorted(best.items(), key=lambda pair: (pair[1], pair[0]))
        return [Neighbour(*pair) for pair in ranked]


def hashes_to_keep(imprint: Imprint) -> bytes:
    """Return by which hashes an imprint is found again, one after another."""
    return b"".join(dict.fromkeys((*imprint.hashes, *imprint.inner)))


def hashes_to_seek(imprint: Imprint) -> list[bytes]:
    """Return the hashes to look an imprint up by, also as a mirrored copy."""
    return list(dict.fromkeys((*imprint.hashes, *imprint.mirrored)))


def _faiss() -> Any:
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss
