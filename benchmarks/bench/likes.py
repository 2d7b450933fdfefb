"""Likes to measure on: the files of the data, and made-up ones of any size."""

import sys
from pathlib import Path

import numpy as np

from benchmarks.bench.data import named_folder
from kouling.interest import LikeMatrix, like_matrix, read_split

sets = ("gowalla", "lastfm", "citeulike")
"""Files of the data, in the folder `feed`."""

likes_each, draws_each = 30, 40
"""Likes of a made-up user, on average, and draws for them: what is drawn twice is liked once."""


def real_likes(data: Path | None, name: str) -> tuple[LikeMatrix, LikeMatrix]:
    """Return the training and test likes of a file, or end with a clear message."""
    folder = named_folder(data)
    path = folder / "feed" / f"{name}.npz"
    if not path.exists():
        sys.exit(f"error: no feed/{name}.npz in {folder}; give the folder of the data with --data")
    return read_split(path)


def made_up_likes(count: int, *, seed: int = 1) -> LikeMatrix:
    """Return about `count` likes: both ends by power laws, users with tastes, in order.

    A user draws from two of a thousand tastes; a taste holds every thousandth item. Items are
    drawn with density ~ rank^-0.6 within a taste, users' numbers of likes are Pareto with index 2.
    """
    draw = np.random.default_rng(seed)
    users, items = max(50, count // likes_each), max(2_000, count // 40)
    sizes = np.minimum(2_000, (draws_each / 2 * (1 + draw.pareto(2, users))).astype(int) + 1)
    owner = np.repeat(np.arange(users), sizes)
    tastes = min(1_000, items // 20)
    own = draw.integers(0, tastes, (users, 2))[owner, draw.integers(0, 2, len(owner))]
    shelf = items // tastes
    place = (shelf * draw.random(len(owner)) ** 2.5).astype(np.int64)
    item = np.minimum(own + place * tastes, items - 1)
    anywhere = draw.random(len(owner)) < 0.2
    item[anywhere] = (items * draw.random(anywhere.sum()) ** 2.5).astype(np.int64)
    return like_matrix(owner, item, shape=(users, items), ordered=True)
