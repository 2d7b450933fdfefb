"""Likes become the ground that rows are made from: candidates, and every feature of each pair.

Memory: four bytes for each feature of at most `pairs_max` pairs (or 300 candidates an item, if
that is more), beside the likes twice and two matrices of items by singular vectors.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.ease import add_ease, ease_items_max, ease_weights
from kouling.interest.filter import Ground
from kouling.interest.gram import (
    counts,
    dense_gram,
    pairs_of,
    says_of,
    spread,
    unordered_counts,
    ways_of,
)
from kouling.interest.likes import LikeMatrix, columns, item_counts, latest, user_counts
from kouling.interest.spectrum import add_bands, bands, taste_directions

pairs_max = 12_500_000
"""Pairs that are weighed where the catalogue is small enough; more only for 300 an item.

Chosen for memory: four bytes for each of up to nine features of each pair are 450 MB.
"""

candidates_min = 300
"""Candidates of each item in a large catalogue.

On a held-out tenth of gowalla 300 find .2211/.1239, all items as candidates .2167/.1218.
"""

rank_max = 1_024
"""Singular vectors: on gowalla 256, 512 and 1,024 find .1854, .1886 and .1908 (Recall@20)."""

rank_bytes_max = 1 << 30
"""Bytes of one matrix of items by singular vectors; a huge catalogue gets fewer vectors."""

band_names = tuple(f"taste_{end}" for end in bands)
ease_name = "ease"


class GroundPlan(NamedTuple):
    """What a ground is made for."""

    filter: bool = True
    """Whether counts and bands are wanted, beside EASE."""
    ease: bool = True
    order: bool = False
    rarity: float = spread
    """Candidates are the items most often liked beside, divided by their likes to this power."""
    seed: int = 1


class Workings(NamedTuple):
    """A ground, and what it takes to lay out another one of the same likes.

    `gram` is what EASE needs to be solved with another ridge; `taste` holds the singular vectors.
    """

    ground: Ground
    gram: Array | None
    taste: Array | None = None


def prepare(likes: LikeMatrix, plan: GroundPlan, taste: Array | None = None) -> Workings:
    """Count pairs, find the directions of taste, and lay out all features of the candidates.

    The directions are not sought again where an earlier ground of the same likes has them.
    """
    likes = latest(likes)
    ways = ways_of(likes, columns(likes))
    popularity = item_counts(likes)
    names = feature_names(likes.items, plan)
    target = (np.maximum(popularity, 1).astype(np.float64) ** -plan.rarity).astype(np.float32)
    says = says_of(likes, order=plan.order)
    pairs = pairs_of(ways, says, target, candidates_of(likes.items), len(names))
    if plan.filter:
        if taste is None:
            taste = taste_directions(ways, likes.items, rank_of(likes), seed=plan.seed)
        add_bands(pairs, taste, names.index(band_names[0]))
    gram = dense_gram(ways, likes.items) if ease_name in names else None
    trend = trend_of(likes) if plan.order else np.zeros(likes.items)
    return Workings(Ground(pairs, names, popularity, trend), gram, taste)


def solve_ease(workings: Workings, ridge: float) -> None:
    """Fill in the feature of EASE for this ridge."""
    if workings.gram is not None:
        weights = ease_weights(workings.gram, ridge)
        names = workings.ground.names
        add_ease(workings.ground.pairs, weights, names.index(ease_name))


def feature_names(items: int, plan: GroundPlan) -> tuple[str, ...]:
    """Return the names of the features that will be laid out, in their order."""
    counted = counts if plan.order else counts[:unordered_counts]
    ease = (ease_name,) if plan.ease and items <= ease_items_max else ()
    return counted + (band_names if plan.filter else ()) + ease


def candidates_of(items: int) -> int:
    """Return how many candidates each item has."""
    return max(1, min(items - 1, max(candidates_min, pairs_max // max(items, 1))))


def rank_of(likes: LikeMatrix) -> int:
    """Return how many singular vectors are worth having."""
    by_memory = rank_bytes_max // (4 * max(likes.items, 1))
    return max(1, min(rank_max, by_memory, likes.items // 4, likes.users // 2))


def trend_of(likes: LikeMatrix) -> Array:
    """Return by item how late in their lists its likers like it, drawn to 0 for few likes.

    The 5 likes by which it is drawn are chosen, not measured.
    """
    sizes = np.repeat(user_counts(likes), user_counts(likes))
    place = np.arange(len(likes)) - np.repeat(likes.start[:-1], user_counts(likes))
    late = (place + 0.5) / np.maximum(sizes, 1) - 0.5
    sums = np.bincount(likes.item, late, likes.items)
    drawn: Array = sums / (item_counts(likes) + 5)
    return drawn
