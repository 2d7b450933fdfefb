"""What is held out, and what is drawn by lot."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kouling.interest import LikeMatrix, like_matrix
from kouling.interest.split import hold_out, some_users
from tests.interest.tastes import likes_of_groups

pairs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 9)), max_size=60)


def matrix_of(rows: list[tuple[int, int]], *, ordered: bool = False) -> LikeMatrix:
    user, item = np.array(rows, int).reshape(-1, 2).T
    return like_matrix(user, item, shape=(8, 10), ordered=ordered)


@given(pairs, st.integers(0, 4), st.booleans())
def test_holding_out_loses_nothing_and_leaves_something_to_learn_from(
    rows: list[tuple[int, int]], fold: int, ordered: bool
) -> None:
    likes = matrix_of(rows, ordered=ordered)
    known, answers = hold_out(likes, seed=1, fold=fold)
    for user in range(8):
        both = [*known.of(user).tolist(), *answers.of(user).tolist()]
        assert sorted(both) == sorted(likes.of(user).tolist())
        assert len(known.of(user)) >= min(1, len(likes.of(user)))
        assert (len(answers.of(user)) > 0) == (len(likes.of(user)) > 1)
        if ordered:
            assert both == likes.of(user).tolist()


def test_folds_hold_out_different_likes() -> None:
    likes = likes_of_groups()
    parts = [hold_out(likes, seed=1, fold=fold).answers for fold in range(3)]
    for user in range(likes.users):
        found = [set(part.of(user).tolist()) for part in parts]
        assert not found[0] & found[1]
        assert not found[1] & found[2]


def test_users_drawn_by_lot_keep_all_their_likes() -> None:
    likes = likes_of_groups()
    part = some_users(likes, len(likes) // 3, seed=1)
    rows = {tuple(likes.of(user).tolist()) for user in range(likes.users)}

    assert 0.25 * len(likes) < len(part) < 0.4 * len(likes)
    assert {tuple(part.of(user).tolist()) for user in range(part.users)} <= rows
