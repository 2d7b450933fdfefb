"""A fitted model: neighbours of every item, served to users by what they like.

Whatever made it (filter, EASE, a blend, popularity alone), a model is one row of neighbours for
each item. It never changes; many threads may ask it at once.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import numpy as np

from kouling.errors import InvalidInput, LimitExceeded, NotFound
from kouling.interest import gather, serving
from kouling.interest.arrays import Array
from kouling.interest.records import Manifest, ModelKind, history_max, recommended_max

nobody = np.empty(0, np.int32)
"""No items at all."""


class Ranking(NamedTuple):
    """Items in the order in which to show them, with scores and reasons.

    `because` is the liked item that spoke most for a place; -1 with score 0 where the place was
    filled by popularity.
    """

    items: Array
    scores: Array
    because: Array


class SimilarItems(NamedTuple):
    """The items that a like of one item speaks for, in descending order of score."""

    items: Array
    scores: Array


class Model(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """An item-item model; items are rows 0 to `len(model)`.

    `neighbours` is int32 and `weights` float32, both [items, keep]: row j holds the items that
    a like of j speaks for, by falling weight, ended by -1. `popularity` is how many likes each
    item has. The arrays may be memory-mapped from a folder.
    """

    manifest: Manifest
    neighbours: Array
    weights: Array
    popularity: Array
    favourites: Array
    """The items by falling popularity."""
    rows: gather.Rows
    """`neighbours` and `weights` as loops take them."""
    spare: deque[Any] = msgspec.field(default_factory=deque)
    """Scratch arrays that no call is using."""

    def __len__(self) -> int:
        return len(self.popularity)

    @property
    def kind(self) -> ModelKind:
        """What the model is made of."""
        return self.manifest.kind

    @property
    def fading(self) -> float:
        """How quickly older likes fade; 0 leaves the order out."""
        return self.manifest.parameters.fading

    def recommend(self, history: Array, n: int = 20, *, exclude: Array = nobody) -> Ranking:
        """Return the `n` best items for a user with these likes, oldest first.

        Never the likes themselves nor items of `exclude`. What no like speaks for is filled up
        by popularity, so that a new user gets a page too; there are fewer than `n` places only
        if the catalogue has no more. The latest 500 likes count. Raises `NotFound` for an item
        that is not in the catalogue, `LimitExceeded` for an `n` above 1,000.
        """
        size = min(self._size(n), len(self))
        likes, barred = self._known(history), self._known(exclude)
        work = self._scratch(gather.new_scratch), gather.new_best(size)
        filled = serving.recommend(self.rows, likes, self.fade(), barred, work)
        self.spare.append(work[0])
        if filled == size:
            return Ranking(*work[1])
        best = Ranking(*(part[:filled] for part in work[1]))
        return self._filled_up(best, likes, barred, size)

    def similar_items(self, item: int, n: int = 20) -> SimilarItems:
        """Return the items that a like of `item` speaks for most."""
        row = self._known(np.array([item]))[0]
        size = min(self._size(n), self.neighbours.shape[1])
        there = self.neighbours[row, :size] >= 0
        return SimilarItems(self.neighbours[row, :size][there], self.weights[row, :size][there])

    def fade(self) -> Array:
        """Return what a like weighs by how many later ones there are."""
        return fading(self.fading)

    def _size(self, n: int) -> int:
        if n <= 0:
            raise InvalidInput(f"{n} items can't be recommended", hint="ask for 1 or more")
        if n > recommended_max:
            raise LimitExceeded(f"{n} items at once", hint=f"ask for up to {recommended_max}")
        return n

    def _known(self, items: Array) -> Array:
        found = as_loops_take(items)
        if found.size and found.view(np.uint32).max() >= len(self):  # -1 is the highest of all
            wrong = next(int(item) for item in found if not 0 <= item < len(self))
            raise NotFound(f"the model has no item {wrong}", hint=f"it has 0 to {len(self) - 1}")
        return found

    def _scratch(self, new: Callable[[int], Any]) -> Any:
        try:
            return self.spare.pop()
        except IndexError:
            return new(len(self))

    def _filled_up(self, best: Ranking, likes: Array, barred: Array, size: int) -> Ranking:
        """Add favourites that are neither liked, barred, nor there already."""
        taken = np.concatenate([best.items, likes, barred])
        wanted = size - len(best.items)
        among = self.favourites[: wanted + len(taken)]
        more = among[~np.isin(among, taken)][:wanted]
        return Ranking(
            np.concatenate([best.items, more]),
            np.concatenate([best.scores, np.zeros(len(more), np.float32)]),
            np.concatenate([best.because, np.full(len(more), -1, np.int32)]),
        )


def new_model(manifest: Manifest, neighbours: Array, weights: Array, popularity: Array) -> Model:
    """Return a model of these arrays, checked for shape and finite weights."""
    shape = (manifest.items, manifest.parameters.keep)
    fits = neighbours.shape == weights.shape == shape and popularity.shape == shape[:1]
    if not fits or not np.isfinite(weights).all() or not np.isfinite(popularity).all():
        raise InvalidInput("the arrays make no model", hint="fit it again")
    if neighbours.size and not (neighbours.min() >= -1 and neighbours.max() < manifest.items):
        raise InvalidInput("neighbours outside the catalogue", hint="fit it again")
    return Model(
        manifest=manifest,
        neighbours=neighbours,
        weights=weights,
        popularity=popularity,
        favourites=np.argsort(-popularity, kind="stable").astype(np.int32),
        rows=fixed_rows(neighbours, weights),
    )


def fixed_rows(neighbours: Array, weights: Array) -> gather.Rows:
    """Return rows that nobody can write to, mapped from a file or not.

    Loops are compiled anew for arrays of another kind, which takes seconds: so all rows that are
    served from are of one kind, and so are all histories (`as_loops_take`).
    """
    rows = gather.Rows(
        np.asarray(neighbours, np.int32).view(), np.asarray(weights, np.float32).view()
    )
    for part in rows:
        part.flags.writeable = False
    return rows


def as_loops_take(items: Array) -> Array:
    """Return items in an array of their own, of the one kind that loops are compiled for."""
    return np.array(items, np.int32, order="C", ndmin=1)


@functools.lru_cache
def fading(exponent: float) -> Array:
    """Return what a like weighs by how many later ones there are, for the latest 500."""
    fade: Array = (np.arange(1, history_max + 1) ** -exponent).astype(np.float32)
    fade.flags.writeable = False
    return fade
