"""Whom an item reaches, by its likers and by a model's rows."""

import numpy as np
import pytest

from kouling.errors import NotFound
from kouling.interest import (
    ModelKind,
    Options,
    fit_model,
    like_matrix,
    reach_by_likers,
    reach_by_model,
)
from kouling.interest.model import fixed_rows
from kouling.interest.online import Online
from tests.interest.tastes import groups, likes_of_groups, shelf

users, items = 5, 12


def base_of(pairs: list[tuple[int, int]]) -> Online:
    user, item = np.array(pairs, np.int32).reshape(-1, 2).T
    matrix = like_matrix(user, item, shape=(users, items), ordered=True)
    return Online(None, matrix, items)


def test_whom_an_item_reaches_is_judged_by_its_likers_likes_and_their_neighbours() -> None:
    base = [(0, 0), (0, 1), (1, 1), (2, 2), (3, 3), (4, 0), (4, 2)]
    online = base_of(base)
    online.rows = fixed_rows(np.array([[4, -1], [3, -1]]), np.ones((2, 2)))
    reached, scores = reach_by_likers(online, np.array([0]), 0, 5)

    assert reached.tolist() == [3, 1]  # by a neighbour of what the liker likes, and by a like
    assert scores.tolist() == pytest.approx([2.0, 1.0])


def test_the_reach_of_an_item_is_its_group_without_its_likers() -> None:
    given = likes_of_groups()
    model = fit_model(given, Options(kind=ModelKind.filter))
    found = reach_by_model(model, given, 45, 20)

    assert (found.users % groups == 45 // shelf).mean() > 0.8
    assert not any(45 in given.of(user) for user in found.users)
    with pytest.raises(NotFound):
        reach_by_model(model, given, given.items)
