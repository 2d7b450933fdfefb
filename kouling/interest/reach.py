"""Likers of an item come in, the people who would like it next go out.

Whom to push a new item to after its very first likes: the likers' other likes are a profile of
the item, which is widened once by the model's neighbours, and all users are scored against it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kouling.interest.online import Online
from kouling.interest.serving import add_neighbours

Array = np.ndarray[Any, Any]

profile_exponent = 0.5
"""How little a popular item says of the taste of those who like it."""

widening = 2.0
"""How much the neighbours count beside one liker's own likes; with more likers, less."""


def reach(online: Online, likers: Array, item: int | None, n: int) -> tuple[Array, Array]:
    """Return up to `n` users who would like what these users like, with falling scores.

    The likers themselves are left out, and so is `item` from their likes.
    """
    profile = _profile(online, likers, item)
    scores = online.add_over_likes(profile)
    scores[likers[likers < len(scores)]] = 0.0
    n = min(n, len(scores))
    top = np.argpartition(-scores, n - 1)[:n] if n else np.empty(0, np.int64)
    top = top[np.lexsort((top, -scores[top]))]
    top = top[scores[top] > 0]
    return top, scores[top]


def _profile(online: Online, likers: Array, item: int | None) -> Array:
    profile = online.weigh_likes(likers)
    if item is not None and item < len(profile):
        profile[item] = 0.0
    profile *= np.maximum(online.degree[: len(profile)], 1.0) ** -profile_exponent
    wide = _widened(online, profile)
    return _unit(profile) + widening / max(len(likers), 1) * _unit(wide)


def _widened(online: Online, profile: Array) -> Array:
    wide = np.zeros(len(profile))
    add_neighbours(online.rows, profile, wide)
    return wide


def _unit(values: Array) -> Array:
    norm = float(np.linalg.norm(values))
    found: Array = values / norm if norm else values
    return found
