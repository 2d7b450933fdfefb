"""Which placements can be put up."""

from collections.abc import Callable

import pytest

from kouling import Engine
from kouling.deliver import Placement
from kouling.errors import (
    InvalidInput,
    NotFound,
)
from tests.deliver.market import placed


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda: placed("p", "lamp", 0), InvalidInput),
        (lambda: placed("p", "lamp", 30, budget=29), InvalidInput),
        (lambda: placed("", "lamp", 30), InvalidInput),
        (lambda: placed("p", "nothing", 30), NotFound),
    ],
)
def test_a_placement_that_can_not_be_is_refused(
    market: Engine, change: Callable[[], Placement], error: type[Exception]
) -> None:
    with pytest.raises(error):
        market.deliver.placements.add(change())
