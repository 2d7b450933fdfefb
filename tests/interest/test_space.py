"""Points and parameters are two ways to write one thing."""

import pytest

from kouling.interest import ModelKind
from kouling.interest.space import (
    Layout,
    axes_of,
    filter_starts,
    neutral,
    parameters_at,
    point_of,
)

layout = Layout(rank=64, rarity=0.34)


@pytest.mark.parametrize("start", filter_starts)
def test_parameters_lead_back_to_their_point(start: dict[str, float]) -> None:
    point = neutral | start | {"fading": 0.5, "trend": 0.25}
    parameters = parameters_at(point, ModelKind.filter, layout, keep=10)

    assert point_of(parameters) == point
    assert (parameters.rank, parameters.rarity, parameters.keep) == (64, 0.34, 10)


def test_what_weighs_nothing_is_no_term() -> None:
    parameters = parameters_at(neutral, ModelKind.filter, layout, keep=10)

    assert set(parameters.terms) == {"together"}


def test_ease_has_its_one_term_and_ridge() -> None:
    point = neutral | {"ease": 1.0}
    parameters = parameters_at(point, ModelKind.ease, layout, keep=10, ridge=30.0)

    assert set(parameters.terms) == {"ease"}
    assert parameters.ridge == 30


@pytest.mark.parametrize("kind", [ModelKind.filter, ModelKind.ease, ModelKind.blend])
def test_the_order_of_likes_is_searched_only_where_it_is_known(kind: ModelKind) -> None:
    late = {"fading", "trend", "after", "beside"}
    with_order, without = (
        {axis.name for axis in axes_of(kind, order=order)} for order in (True, False)
    )

    assert not without & late
    assert with_order - without <= late
    assert {"fading", "trend"} <= with_order
    assert with_order <= set(neutral)
