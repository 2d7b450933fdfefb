"""What can't be searched for, and what is no label."""

import pytest

from kouling import Engine
from kouling.errors import Conflict, InvalidInput
from kouling.ids import ItemId, UserId
from tests.deliver.market import found, placed, viewer


@pytest.mark.parametrize(
    ("labels", "error"), [(["x" * 41], InvalidInput), ([""], InvalidInput), (["a\n"], InvalidInput)]
)
def test_what_is_no_label_is_refused(
    market: Engine, labels: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        market.deliver.label(ItemId("silk"), labels)


@pytest.mark.parametrize("options", [{"query": "x" * 201}, {"query": "\0"}])
def test_what_is_no_search_is_refused(market: Engine, options: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        found(market, **options)
    with pytest.raises(InvalidInput, match="market alone"):
        market.deliver(viewer, "moments", query="裙")


@pytest.mark.parametrize("query", ["?!", "🔥", "  "])
def test_a_search_of_signs_finds_nothing(market: Engine, query: str) -> None:
    market.deliver.placements.add(placed("p", "silk", 30))

    assert found(market, query) == []


def test_labels_are_compared_without_width_case_and_blanks(market: Engine) -> None:
    market.deliver.label(ItemId("silk"), ["Ｄress", "dress ", "DRESS"])

    assert found(market, labels=["dRESS"]) == ["silk"]


def test_an_items_author_labels_it_and_nobody_else(market: Engine) -> None:
    market.deliver.label(ItemId("silk"), ["mine"], by=UserId("seller of silk"))

    with pytest.raises(Conflict, match="of another author than 'stranger'"):
        market.deliver.label(ItemId("silk"), ["theirs"], by=UserId("stranger"))
    assert found(market, labels=["mine"]) == ["silk"]
