"""An item of the model comes in, the users to show it to go out: its rows, read the other way."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from kouling.errors import InvalidInput, NotFound
from kouling.interest.likes import LikeMatrix, user_counts
from kouling.interest.model import Model

Array = np.ndarray[Any, Any]

audience_max = 100_000
"""Users in one audience."""


class AudienceOf(NamedTuple):
    """Users in the order in which to push an item to them, with their scores."""

    users: Array
    scores: Array


def audience(model: Model, likes: LikeMatrix, item: int, n: int = 300) -> AudienceOf:
    """Return the `n` users whom the model would most recommend an item to, not its likers.

    Raises `NotFound` for an item that the model doesn't have.
    """
    if not 0 <= item < len(model):
        raise NotFound(f"the model has no item {item}", hint=f"it has 0 to {len(model) - 1}")
    if not 0 < n <= audience_max:
        raise InvalidInput(f"an audience of {n}", hint=f"ask for 1 to {audience_max}")
    rows, places = np.nonzero(model.neighbours == item)
    speaks = np.zeros(len(model))
    speaks[rows] = model.weights[rows, places]
    scores = _listening(likes, speaks, model.fade())
    scores[_owners(likes)[likes.item == item]] = 0
    order = np.argsort(-scores, kind="stable")[:n]
    order = order[scores[order] > 0]
    return AudienceOf(order, scores[order])


def _listening(likes: LikeMatrix, speaks: Array, fade: Array) -> Array:
    """Return by user what its likes say, the later ones louder."""
    rank = np.repeat(likes.start[1:], user_counts(likes)) - 1 - np.arange(len(likes))
    heard = np.append(fade, 0)[np.minimum(rank, len(fade))]
    return np.bincount(_owners(likes), speaks[likes.item] * heard, likes.users)


def _owners(likes: LikeMatrix) -> Array:
    return np.repeat(np.arange(likes.users), user_counts(likes))
