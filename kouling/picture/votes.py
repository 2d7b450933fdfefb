"""Features of known pictures, by which a part of a new one is known: what do they vote for?

Features of a picture come in, marks go out with their votes. A feature votes for the known
pictures that have one like it, and says where each of them would lie and how large; only votes
that agree on that count together (a generalised Hough transform, Ballard 1981), so that a picture
is found within a screenshot full of other things. The newest marks vote: see `voting_max`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kouling.picture.look import Facet, Imprint, feature_bytes, point_type

voters_max = 96
"""Features of a known facet that vote for it."""

voting_max = 20_000
"""Marks whose features vote, the newest, and up to as many again; older ones have their hashes."""

votes_min = 4
"""Votes that a candidate has at least: chance brings two or three."""

voter_type = np.dtype([*point_type.descr, ("bits", np.uint8, (feature_bytes,))])
"""A feature that votes: its place is from the middle of its picture."""

_tables, _key_bits, _flips = 6, 18, 1
_likes, _distance_max, _turn_max = 8, 64, 11
_level_step, _bin_levels, _bin_side = 1.2, 2, 192
_coarse_weight = 1.5  # coarse features are the ones that are left of a picture shown small


def voters_to_keep(imprint: Imprint) -> bytes:
    """Return the features by which an imprint is voted for, `voter_type` one after another."""
    return b"".join(_voters(facet).tobytes() for facet in imprint.facets)


def _voters(facet: Facet) -> NDArray[np.void]:
    points = np.frombuffer(facet.points, point_type)
    chosen = _chosen(points["level"] // 2)
    voters = np.zeros(len(chosen), voter_type)
    for name in point_type.names or ():
        voters[name] = points[name][chosen]
    voters["x"] -= facet.width // 2
    voters["y"] -= facet.height // 2
    voters["bits"] = np.frombuffer(facet.features, np.uint8).reshape(-1, feature_bytes)[chosen]
    return voters


def _chosen(scales: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return the places of features of all scales, more of them coarse, the best of each."""
    rank = np.zeros(len(scales))
    for scale in np.unique(scales):
        (same,) = np.nonzero(scales == scale)
        rank[same] = np.arange(1, len(same) + 1) / _coarse_weight ** min(int(scale), 4)
    return np.argsort(rank, kind="stable")[:voters_max]


class Votes:
    """Features of marks, found by what they look like; whoever shares it locks it."""

    def __init__(self) -> None:
        self._young, self._old = _Generation(), _Generation()

    def add_many(self, marks: Iterable[tuple[int, bytes]]) -> None:
        """Take in the features of some marks."""
        for mark, voters in marks:
            self._young.add(mark, np.frombuffer(voters, voter_type))
            if len(self._young.marks) >= voting_max:
                self._young, self._old = _Generation(), self._young

    def count(self, imprint: Imprint) -> dict[int, int]:
        """Return how many features of an imprint agree on a mark, of those with enough votes."""
        found: dict[int, int] = {}
        for facet in imprint.facets:
            for generation in (self._old, self._young):
                for mark, votes in generation.count(facet):
                    found[mark] = max(votes, found.get(mark, 0))
        return {mark: votes for mark, votes in found.items() if votes >= votes_min}


class _Generation:
    """Marks that came one after another, and what their features look like."""

    def __init__(self) -> None:
        self.marks: list[int] = []
        self._bits: Any = None
        self._pieces: list[NDArray[np.void]] = []
        self._owners: list[NDArray[np.int64]] = []

    def add(self, mark: int, voters: NDArray[np.void]) -> None:
        self.marks.append(mark)
        if not len(voters):
            return
        if self._bits is None:
            self._bits = _faiss().IndexBinaryMultiHash(8 * feature_bytes, _tables, _key_bits)
            self._bits.nflip = _flips
        self._bits.add(np.ascontiguousarray(voters["bits"]))
        self._pieces.append(voters)
        self._owners.append(np.full(len(voters), mark, np.int64))

    def count(self, facet: Facet) -> Sequence[tuple[int, int]]:
        """Return the marks that features vote for, each with the votes for its best place."""
        points = np.frombuffer(facet.points, point_type)
        if self._bits is None or not len(points):
            return ()
        bits = np.frombuffer(facet.features, np.uint8).reshape(-1, feature_bytes)
        distances, found = self._bits.search(np.ascontiguousarray(bits), _likes)
        ours, rank = np.nonzero((found >= 0) & (distances <= _distance_max))
        voters, owners = self._joined()
        theirs = found[ours, rank]
        return _agreeing(points[ours], ours, voters[theirs], owners[theirs])

    def _joined(self) -> tuple[NDArray[np.void], NDArray[np.int64]]:
        if len(self._pieces) > 1:
            self._pieces = [np.concatenate(self._pieces)]
            self._owners = [np.concatenate(self._owners)]
        return self._pieces[0], self._owners[0]


def _agreeing(
    points: NDArray[np.void],
    ours: NDArray[np.intp],
    voters: NDArray[np.void],
    owners: NDArray[np.int64],
) -> Sequence[tuple[int, int]]:
    """Count the votes by where they put the middle of each mark's picture, and how large it is."""
    upright = are_upright(points, voters)
    points, ours, voters, owners = points[upright], ours[upright], voters[upright], owners[upright]
    best: dict[int, int] = {}
    for bins in places_of_middle(points, voters):
        ballots = np.unique(np.column_stack([owners, bins, ours]), axis=0)
        places, votes = np.unique(ballots[:, :-1], axis=0, return_counts=True)
        for mark, count in zip(places[:, 0].tolist(), votes.tolist(), strict=True):
            best[mark] = max(count, best.get(mark, 0))
    return tuple(best.items())


def are_upright(points: NDArray[np.void], others: NDArray[np.void]) -> NDArray[np.bool_]:
    """Say of each pair of features whether they are turned alike, but for a little."""
    turn = points["turn"] - others["turn"]  # of 256, it wraps
    return np.asarray(np.minimum(turn, -turn) <= _turn_max)


def places_of_middle(
    points: NDArray[np.void], others: NDArray[np.void]
) -> Iterator[NDArray[np.int64]]:
    """Yield for pairs of features the bin of size and place that puts the other's middle into.

    Places of the others are from their middle. There are four sets of bins, each beside the
    other, so that places near an edge of one are together in another.
    """
    levels = points["level"].astype(int) - others["level"]
    size = np.round(levels / _bin_levels).astype(int)
    side = _bin_side * _level_step ** (size * _bin_levels)
    across, down = (
        (points[axis] - _level_step**levels * others[axis]) / side for axis in ("x", "y")
    )
    for dx in (0, 0.5):
        for dy in (0, 0.5):
            bins = (size, np.floor(across + dx), np.floor(down + dy))
            yield np.column_stack(bins).astype(np.int64)


def _faiss() -> Any:
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss
