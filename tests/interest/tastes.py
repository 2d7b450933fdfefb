"""Likes of people with tastes: five groups of users, each with a shelf of twenty items."""

import numpy as np

from kouling.interest import LikeMatrix, like_matrix

groups, shelf, each = 5, 20, 12


def likes_of_groups(users: int = 150, *, ordered: bool = False, seed: int = 1) -> LikeMatrix:
    """Users 0, 5, 10… like items 0 to 19, users 1, 6, 11… items 20 to 39, and so on; mostly."""
    draw = np.random.default_rng(seed)
    user = np.repeat(np.arange(users), each)
    own = (user % groups) * shelf + draw.integers(0, shelf, len(user))
    item = np.where(draw.random(len(user)) < 0.85, own, draw.integers(0, groups * shelf, len(user)))
    return like_matrix(user, item, shape=(users, groups * shelf), ordered=ordered)


def likes_that_follow(users: int = 300, *, seed: int = 1) -> LikeMatrix:
    """Each user likes items along a circle of 100, from a place of its own, ten in order."""
    draw = np.random.default_rng(seed)
    begin = draw.integers(0, 100, users)
    item = (begin[:, None] + np.arange(10)) % 100
    return like_matrix(
        np.repeat(np.arange(users), 10), item.ravel(), shape=(users, 100), ordered=True
    )
