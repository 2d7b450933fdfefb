"""All likes and the model in use come in; the state that recommends from both goes out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from kouling.errors import KoulingError
from kouling.interest.likes import LikeMatrix, like_matrix
from kouling.interest.model import Model
from kouling.interest.names import Names
from kouling.interest.online import Online
from kouling.interest.store import load_likes, load_model

fresh_likes_max = 20_000
"""Without a model, up to so many likes are served as pairs alone; more of them wait for a fit.

Chosen, not measured: each of them is counted one by one when the state is loaded.
"""


class ModelInUse(NamedTuple):
    """A model that serves, and the likes that it was fitted on."""

    model: Model
    likes: LikeMatrix


class InterestState(NamedTuple):
    """All likes up to now on top of the model in use, and whose and what its numbers are.

    `fitted` says whether there is a model, `fitted_likes` how many likes it was fitted on.
    """

    users: Names
    items: Names
    online: Online
    fitted: bool
    fitted_likes: int


def matrix_of(users: Sequence[str], items: Sequence[str], names: tuple[Names, Names]) -> LikeMatrix:
    """Return likes, oldest first, as a matrix with the names of its rows and columns."""
    user, item = names[0].numbers(users), names[1].numbers(items)
    shape = (len(names[0]), len(names[1]))
    found = like_matrix(user, item, shape=shape, ordered=True)
    return LikeMatrix(
        start=found.start,
        item=found.item,
        items=found.items,
        ordered=True,
        user_ids=names[0].ids,
        item_ids=names[1].ids,
    )


def model_in_use(folder: Path | None) -> ModelInUse | None:
    """Return the model of a folder with its likes; None if there is none that can be read."""
    if folder is None:
        return None
    try:
        return ModelInUse(load_model(folder), load_likes(folder))
    except KoulingError:
        return None  # the table of likes is all that is needed to go on, and to fit again


def state_of(
    users: Sequence[str], items: Sequence[str], fitted: ModelInUse | None
) -> InterestState:
    """Return the state of these likes, oldest first, on top of what serves."""
    base = fitted.likes if fitted else None
    names = Names(base.user_ids if base else ()), Names(base.item_ids if base else ())
    present = matrix_of(users, items, names)
    if base is None:
        few = len(present) <= fresh_likes_max
        base = _nothing(present.items) if few else present
    online = Online(fitted.model if fitted else None, base, present.items)
    for user in _changed(base, present):
        online.set_history(user, present.of(user))
    return InterestState(*names, online, fitted is not None, len(base))


def _changed(base: LikeMatrix, present: LikeMatrix) -> list[int]:
    """Return the users whose likes are not those of the fit."""
    return [
        user
        for user in range(present.users)
        if not np.array_equal(present.of(user), _of(base, user))
    ]


def _of(base: LikeMatrix, user: int) -> np.ndarray[Any, Any]:
    return base.of(user) if user < base.users else np.empty(0, np.int32)


def _nothing(items: int) -> LikeMatrix:
    return LikeMatrix(start=np.zeros(1, np.int64), item=np.empty(0, np.int32), items=items)
