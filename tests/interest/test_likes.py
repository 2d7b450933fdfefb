"""Likes as a matrix, and what is held out of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import InvalidInput
from kouling.interest import like_matrix
from kouling.interest.likes import columns, latest
from kouling.interest.split import hold_out, some_users
from tests.interest.tastes import likes_of_groups

pairs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 9)), max_size=60)


def matrix_of(rows, *, ordered=False):
    user, item = np.array(rows, int).reshape(-1, 2).T
    return like_matrix(user, item, shape=(8, 10), ordered=ordered)


@given(pairs)
def test_each_like_stands_once_in_the_order_given(rows):
    likes = matrix_of(rows)
    for user in range(8):
        wanted = list(dict.fromkeys(item for one, item in rows if one == user))
        assert likes.of(user).tolist() == wanted


@given(pairs, st.integers(0, 4), st.booleans())
def test_holding_out_loses_nothing_and_leaves_something_to_learn_from(rows, fold, ordered):
    likes = matrix_of(rows, ordered=ordered)
    known, answers = hold_out(likes, seed=1, fold=fold)
    for user in range(8):
        both = [*known.of(user).tolist(), *answers.of(user).tolist()]
        assert sorted(both) == sorted(likes.of(user).tolist())
        assert len(known.of(user)) >= min(1, len(likes.of(user)))
        assert (len(answers.of(user)) > 0) == (len(likes.of(user)) > 1)
        if ordered:
            assert both == likes.of(user).tolist()


def test_folds_hold_out_different_likes():
    likes = likes_of_groups()
    parts = [hold_out(likes, seed=1, fold=fold).answers for fold in range(3)]
    for user in range(likes.users):
        found = [set(part.of(user).tolist()) for part in parts]
        assert not found[0] & found[1]
        assert not found[1] & found[2]


@given(pairs)
def test_columns_lead_back_to_the_same_likes(rows):
    likes = matrix_of(rows)
    found = columns(likes)
    back = {
        (int(found.user[at]), item)
        for item in range(10)
        for at in range(found.start[item], found.start[item + 1])
        if likes.item[found.place[at]] == item
    }
    assert back == set(rows)


def test_rows_go_by_time_where_there_is_one():
    likes = like_matrix(
        np.zeros(3, int), np.arange(3), shape=(1, 3), at=np.array([5, 1, 3]), ordered=True
    )
    assert likes.of(0).tolist() == [1, 2, 0]


def test_only_the_latest_likes_of_one_user_are_learnt_from():
    likes = like_matrix(np.zeros(900, int), np.arange(900), shape=(1, 900), ordered=True)
    assert latest(likes).of(0).tolist() == list(range(400, 900))


def test_users_drawn_by_lot_keep_all_their_likes():
    likes = likes_of_groups()
    part = some_users(likes, len(likes) // 3, seed=1)
    rows = {tuple(likes.of(user).tolist()) for user in range(likes.users)}

    assert 0.25 * len(likes) < len(part) < 0.4 * len(likes)
    assert {tuple(part.of(user).tolist()) for user in range(part.users)} <= rows


@pytest.mark.parametrize(("user", "item"), [(8, 0), (-1, 0), (0, 10), (0, -1)])
def test_numbers_outside_the_shape_are_refused(user, item):
    with pytest.raises(InvalidInput, match="outside"):
        matrix_of([(user, item)])
