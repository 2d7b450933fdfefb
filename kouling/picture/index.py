"""Known pictures, by hashes and by features: which of them may a new one be a copy of.

An imprint comes in, the marks of the likeliest pictures go out. PDQ hashes (Meta 2019) of 256 bits
are searched exactly; features vote (`votes`) for what a picture shows in a part of it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from kouling.picture.look import Imprint
from kouling.picture.votes import Votes

hash_bytes = 32
"""Bytes of one hash."""

distance_max = 90
"""Bits in which a candidate differs at most."""

distance_near = 31
"""Bits up to which a candidate comes before all that are only voted for."""

candidates_max = 6
"""Pictures that are compared."""


class Neighbour(NamedTuple):
    """A known picture that may be the one: which mark, in how many bits of a hash it differs.

    `votes` are the features that agree on it; the distance is that of no hash, 256, where none is
    near.
    """

    mark: int
    distance: int
    votes: int = 0


class PictureMark(NamedTuple):
    """By what a known picture is found again: hashes and features that vote, one after another."""

    number: int
    hashes: bytes
    voters: bytes = b""


class Index:
    """Known pictures as marks; safe to use from many threads."""

    def __init__(self) -> None:
        self._hashes: Any = None
        self._votes = Votes()
        self._marks: list[int] = []
        self._lock = threading.Lock()
        self.newest = 0

    def __len__(self) -> int:
        return len(self._marks)

    def add_many(self, marks: Sequence[PictureMark]) -> None:
        """Take in marks, which come in rising order; those that are in already are left out."""
        with self._lock:
            fresh = [mark for mark in marks if mark.number > self.newest]
            if not fresh:
                return
            if self._hashes is None:
                self._hashes = _faiss().IndexBinaryFlat(8 * hash_bytes)
            rows = np.frombuffer(b"".join(mark.hashes for mark in fresh), np.uint8)
            self._hashes.add(rows.reshape(-1, hash_bytes))
            for mark in fresh:
                self._marks += [mark.number] * (len(mark.hashes) // hash_bytes)
            self._votes.add_many((mark.number, mark.voters) for mark in fresh)
            self.newest = fresh[-1].number

    def candidates(self, imprint: Imprint) -> list[Neighbour]:
        """Return the marks that a picture may be a copy of, the likeliest first."""
        near = {one.mark: one for one in self.nearest(hashes_to_seek(imprint))}
        with self._lock:
            votes = self._votes.count(imprint)
        found = [
            Neighbour(
                mark, near[mark].distance if mark in near else 8 * hash_bytes, votes.get(mark, 0)
            )
            for mark in {**near, **votes}
        ]
        return sorted(found, key=_likeliest_first)

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
    kept = (one for facet in imprint.facets for one in (*facet.hashes, *facet.inner))
    return b"".join(dict.fromkeys(kept))


def hashes_to_seek(imprint: Imprint) -> list[bytes]:
    """Return the hashes to look an imprint up by, also as a mirrored copy."""
    sought = (
        one for facet in imprint.facets for one in (*facet.hashes, *facet.mirrored, *facet.parts)
    )
    return list(dict.fromkeys(sought))


def _likeliest_first(one: Neighbour) -> tuple[int, int, int, int]:
    sure = one.distance if one.distance <= distance_near else distance_near + 1
    return sure, -one.votes, one.distance, one.mark


def _faiss() -> Any:
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss
