"""What can't be searched for, and what is no label."""

import pytest

from kouling import Engine
from kouling.errors import (
    InvalidInput,
)
from kouling.ids import ItemId
from tests.deliver.market import found, viewer


@pytest.mark.parametrize(
    ("labels", "error"), [(["x" * 41], InvalidInput), ([""], InvalidInput), (["a\n"], InvalidInput)]
)
def test_what_is_no_label_is_refused(
    market: Engine, labels: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        market.deliver.label(ItemId("silk"), labels)


@pytest.mark.parametrize("options", [{"query": "?!"}, {"query": "x" * 201}, {"query": "\0"}])
def test_a_search_without_words_is_refused(market: Engine, options: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        found(market, **options)
    with pytest.raises(InvalidInput, match="market alone"):
        market.deliver(viewer, "moments", query="裙")
