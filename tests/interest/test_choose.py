"""What a fit chooses by itself."""

import msgspec
import numpy as np
import pytest

from kouling.interest import (
    ModelKind,
    Options,
    bench,
    choose_parameters,
    fit_model,
    like_matrix,
)
from tests.interest.tastes import likes_of_groups, likes_that_follow


def test_order_is_used_where_it_helps_and_left_out_on_request() -> None:
    likes = likes_that_follow()
    with_order = choose_parameters(likes, Options(kind=ModelKind.filter))
    without = choose_parameters(likes, Options(kind=ModelKind.filter, order=False))

    assert with_order.held_out.goodness > 1.1 * without.held_out.goodness
    assert (without.parameters.fading, without.parameters.trend) == (0, 0)
    assert "after" not in without.parameters.terms


def test_a_warm_fit_keeps_the_candidates_of_the_running_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "few", 2.0)
    first = choose_parameters(likes_of_groups(), Options(kind=ModelKind.filter)).parameters
    assert first.rarity in bench.rarities

    rare = msgspec.structs.replace(first, rarity=0.7)
    again = choose_parameters(likes_of_groups(), Options(kind=ModelKind.filter, warm=rare))
    assert again.parameters.rarity == 0.7


def test_likes_without_pattern_are_served_by_something_simple() -> None:
    draw = np.random.default_rng(1)
    user, item = np.repeat(np.arange(60), 3), draw.integers(0, 500, 180)
    model = fit_model(like_matrix(user, item, shape=(60, 500), ordered=False))

    assert len(model.recommend(item[:3], 20).items) == 20
