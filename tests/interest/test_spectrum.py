"""The directions of taste are those of a singular value decomposition."""

import numpy as np

from kouling.interest.gram import spread, ways_of
from kouling.interest.likes import columns
from kouling.interest.spectrum import taste_directions
from tests.interest.tastes import groups, likes_of_groups


def test_directions_span_what_numpys_decomposition_finds() -> None:
    likes = likes_of_groups()
    dense = np.zeros((likes.users, likes.items))
    for user in range(likes.users):
        dense[user, likes.of(user)] = 1
    by_user, by_item = (np.maximum(dense.sum(axis), 1) ** -spread for axis in (1, 0))
    wanted = np.linalg.svd(by_user[:, None] * dense * by_item)[2][:groups].T
    ways = ways_of(likes, columns(likes))
    found = taste_directions(ways, likes.items, groups, seed=1)

    assert found.shape == (likes.items, groups)
    assert np.allclose(found.T @ found, np.eye(groups), atol=1e-4)
    assert np.linalg.svd(wanted.T @ found)[1].min() > 0.99  # cosines between both spaces


def test_one_seed_gives_the_same_directions() -> None:
    likes = likes_of_groups()
    ways = ways_of(likes, columns(likes))
    once, again = (taste_directions(ways, likes.items, 8, seed=3) for _ in range(2))

    assert (once == again).all()


def test_there_are_no_more_directions_than_likes_have() -> None:
    likes = likes_of_groups(users=3)
    found = taste_directions(ways_of(likes, columns(likes)), likes.items, 50, seed=1)

    assert found.shape[1] <= 3
