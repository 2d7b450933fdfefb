"""The matrix of likes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import InvalidInput
from kouling.interest import LikeMatrix, like_matrix
from kouling.interest.likes import columns, latest

pairs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 9)), max_size=60)


def matrix_of(rows: list[tuple[int, int]], *, ordered: bool = False) -> LikeMatrix:
    user, item = np.array(rows, int).reshape(-1, 2).T
    return like_matrix(user, item, shape=(8, 10), ordered=ordered)


@given(pairs)
def test_each_like_stands_once_in_the_order_given(rows: list[tuple[int, int]]) -> None:
    likes = matrix_of(rows)
    for user in range(8):
        wanted = list(dict.fromkeys(item for one, item in rows if one == user))
        assert likes.of(user).tolist() == wanted


@given(pairs)
def test_columns_lead_back_to_the_same_likes(rows: list[tuple[int, int]]) -> None:
    likes = matrix_of(rows)
    found = columns(likes)
    back = {
        (int(found.user[at]), item)
        for item in range(10)
        for at in range(found.start[item], found.start[item + 1])
        if likes.item[found.place[at]] == item
    }
    assert back == set(rows)


def test_rows_go_by_time_where_there_is_one() -> None:
    likes = like_matrix(
        np.zeros(3, int), np.arange(3), shape=(1, 3), at=np.array([5, 1, 3]), ordered=True
    )
    assert likes.of(0).tolist() == [1, 2, 0]


def test_only_the_latest_likes_of_one_user_are_learnt_from() -> None:
    likes = like_matrix(np.zeros(900, int), np.arange(900), shape=(1, 900), ordered=True)
    assert latest(likes).of(0).tolist() == list(range(400, 900))


@pytest.mark.parametrize(("user", "item"), [(8, 0), (-1, 0), (0, 10), (0, -1)])
def test_numbers_outside_the_shape_are_refused(user: int, item: int) -> None:
    with pytest.raises(InvalidInput, match="outside"):
        matrix_of([(user, item)])
