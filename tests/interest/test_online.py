"""The model between two fits: a function of the present likes alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.interest import like_matrix
from kouling.interest.counts import paired_max
from kouling.interest.online import Online

users, items = 5, 12


events = st.lists(
    st.tuples(st.booleans(), st.integers(0, users), st.integers(0, items + 3)), max_size=60
)


def base_of(pairs: list[tuple[int, int]]) -> Online:
    user, item = np.array(pairs, np.int32).reshape(-1, 2).T
    matrix = like_matrix(user, item, shape=(users, items), ordered=True)
    return Online(None, matrix, items)


fitted = st.lists(
    st.tuples(st.integers(0, users - 1), st.integers(0, items - 1)), max_size=30, unique=True
)


def happen(online: Online, what: list[tuple[bool, int, int]]) -> Online:
    for liked, user, item in what:
        (online.like if liked else online.unlike)(user, item)
    return online


@given(fitted, events, st.integers(0, users), st.integers(0, items + 3))
def test_an_unlike_restores_the_state_bit_for_bit(
    base: list[tuple[int, int]], before: list[tuple[bool, int, int]], user: int, item: int
) -> None:
    online = happen(base_of(base), before)
    if item in online.history(user):
        return
    state = online.state()
    online.like(user, item)
    assert online.state() != state
    online.unlike(user, item)

    assert online.state() == state


@given(fitted, events)
def test_the_state_is_a_function_of_the_likes_alone(
    base: list[tuple[int, int]], what: list[tuple[bool, int, int]]
) -> None:
    online, again = happen(base_of(base), what), base_of(base)
    for user in reversed(range(users + 1)):
        again.set_history(user, online.history(user))

    assert again.state() == online.state()


@given(fitted, events)
def test_a_like_twice_and_an_unlike_of_nothing_change_nothing(
    base: list[tuple[int, int]], what: list[tuple[bool, int, int]]
) -> None:
    online = happen(base_of(base), what)
    state = online.state()
    for user in range(users + 1):
        for item in range(items):
            (online.like if item in online.history(user) else online.unlike)(user, item)

    assert online.state() == state


@given(fitted, events, st.lists(st.integers(0, users), unique=True))
def test_what_is_summed_over_likes_is_summed_over_each_users_likes(
    base: list[tuple[int, int]], what: list[tuple[bool, int, int]], asked: list[int]
) -> None:
    online = happen(base_of(base), what)
    values = np.arange(1.0, online.items + 1) ** 0.5
    weighed = np.zeros(online.items)
    for user in asked:
        weighed[online.history(user)] += online.user_weight(user)

    for spoken in (values, np.where(np.arange(online.items) == 3, values, 0.0)):  # of all, of one
        sums = [spoken[online.history(user)].sum() for user in range(online.users)]
        assert online.add_over_likes(spoken) == pytest.approx(sums)
    assert online.weigh_likes(np.array(asked, np.int64)).tolist() == weighed.tolist()


def test_a_like_that_the_fit_knows_given_anew_is_no_change() -> None:
    online = base_of([(0, 0)])
    online.unlike(0, 0)
    online.like(0, 0)

    assert online.state() == base_of([(0, 0)]).state()


def test_a_user_who_likes_very_much_pairs_its_latest_likes_alone() -> None:
    online = base_of([])
    for item in range(2 * paired_max):
        online.like(0, item)
    _, degree, (sources, targets, counted) = online.state()

    assert degree == [1] * 2 * paired_max
    assert min(sources) == paired_max
    assert max(targets) == 2 * paired_max - 1
    assert len(counted) == paired_max * (paired_max - 1) // 2
    online.unlike(0, 2 * paired_max - 1)
    assert min(online.state()[2][0]) == paired_max - 1


def test_what_is_recommended_is_neither_liked_nor_excluded_and_says_why() -> None:
    online = base_of([(0, 0), (0, 1), (0, 2), (1, 0), (1, 3)])
    for user, item in ((2, 0), (3, 0), (3, 1), (3, 4), (4, 5), (4, 4)):
        online.like(user, item)
    best = online.recommend(online.history(2), exclude=np.array([1], np.int32))

    assert best.items.tolist() == [4]
    assert best.because.tolist() == [0]
