"""Searches of the market and the paid places among what they find."""

from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kouling import Engine, Money, bundled_policy
from kouling.clock import ManualClock
from kouling.deliver import Placement
from kouling.deliver.market.words import words_of, words_wanted
from kouling.errors import (
    CurrencyMismatch,
    IdempotencyConflict,
    InvalidInput,
    NotFound,
)
from kouling.gate import Subject, SubjectKind
from kouling.ids import ItemId, UserId
from kouling.words import disclosure_of
from tests.conftest import noon
from tests.deliver.market import found, placed, viewer
from tests.samples import foreign_text, item

numbers = count(1)


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("连衣裙", ["silk", "cotton"]),
        ("連衣裙", ["silk", "cotton"]),  # traditional finds simplified
        ("台灯", ["lamp"]),  # and the other way round
        ("裙", ["skirt", "silk", "cotton"]),
        ("COTTON", ["skirt"]),
        ("纯棉 连衣裙", ["cotton"]),
        ("ｌａｍｐ", ["lamp"]),  # full width
        ("1", []),
        ("100%", ["skirt"]),
        ("裙连", []),
        ('" OR 1=1 --', []),
        ("lamp OR cotton", []),
        ("NOT lamp", []),
    ],
)
def test_a_search_finds_items_that_have_all_its_words(
    market: Engine, query: str, items: list[str]
) -> None:
    assert set(found(market, query)) == set(items)


def test_a_search_of_very_many_looks_at_the_newest_and_leaves_no_paid_place_out(
    market: Engine, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.deliver.table.market.matches_max", 2)
    looked_at = {"skirt", "cotton"} | ({"silk"} if target.startswith("postgresql") else set())

    assert set(found(market, "裙")) == looked_at
    assert len(found(market)) == 4
    market.deliver.placements.add(placed("p", "silk", 30))
    first, *others = found(market, "裙")
    assert first == "silk"
    assert set(others) == looked_at - {"silk"}


def test_labels_narrow_a_search_and_can_be_set_anew(market: Engine) -> None:
    market.deliver.label(ItemId("silk"), ["dress", "silk"])
    market.deliver.label(ItemId("cotton"), ["dress"])

    assert set(found(market, labels=["dress"])) == {"silk", "cotton"}
    assert found(market, "连衣裙", labels=["dress", "silk"]) == ["silk"]
    market.deliver.label(ItemId("silk"), [])
    assert found(market, labels=["dress"]) == ["cotton"]


def test_only_the_markets_items_have_labels(market: Engine) -> None:
    market.gate(item("moment"))

    with pytest.raises(NotFound):
        market.deliver.label(ItemId("moment"), ["dress"])


def test_a_search_leaves_out_limited_banned_and_blocked(market: Engine) -> None:
    market.gate.policies.activate(bundled_policy("moments-2018"))
    market.gate(item("bad", foreign_text, surface="market"))
    market.gate.ban(Subject(SubjectKind.user, "seller of silk"), "fraud")
    market.people.block(viewer, UserId("seller of cotton"))

    assert set(found(market)) == {"skirt", "lamp"}
    assert found(market, "连衣裙") == []


def test_search_pages_neither_repeat_nor_skip(market: Engine) -> None:
    for number in range(5):
        market.gate(item(f"{number}", f"裙子{number}", surface="market"))
    ids, cursor = [], None
    while True:
        page = market.deliver(viewer, "market", query="裙", size=2, cursor=cursor)
        ids += [place.item.id for place in page.places]
        cursor = page.cursor
        if cursor is None:
            break

    assert sorted(ids) == ["0", "1", "2", "3", "4", "cotton", "silk", "skirt"]


def test_a_cursor_belongs_to_its_search(market: Engine) -> None:
    cursor = market.deliver(viewer, "market", query="裙", size=1).cursor

    with pytest.raises(InvalidInput, match="another page"):
        market.deliver(viewer, "market", query="灯", size=1, cursor=cursor)


colours = st.frozensets(st.sampled_from(["red", "blue", "reddish", "连衣裙", "裙"]))


offered = st.lists(st.tuples(colours, colours, st.booleans()), max_size=8)


@settings(max_examples=30)
@given(offered=offered, query=colours, labels=colours)
def test_the_paid_places_of_a_search_are_of_items_that_it_finds(
    engine: Engine,
    offered: list[tuple[frozenset[str], frozenset[str], bool]],
    query: frozenset[str],
    labels: frozenset[str],
) -> None:
    name = f"{next(numbers):04}"
    for number, (words, marks, pays) in enumerate(offered):
        id = ItemId(f"{name} {number}")
        engine.gate(item(id, " ".join(sorted(words)) or "-", surface="market"))
        engine.deliver.label(id, [name, *marks])
        if pays:
            engine.deliver.placements.add(placed(id, id, 30))
    search = {"query": " ".join(query), "labels": [name, *labels]}
    page = engine.deliver(viewer, "market", size=50, **search)  # type: ignore[arg-type]  # as above

    fitting = {
        f"{name} {number}": pays
        for number, (words, marks, pays) in enumerate(offered)
        if set(words_wanted(" ".join(query))) <= set(words_of(" ".join(sorted(words))))
        and labels <= marks
    }
    assert {place.item.id: place.disclosure is not None for place in page.places} == fitting


def test_paid_places_are_looked_for_among_what_runs_and_not_among_all_matches(
    sqlite_engine: Engine,
) -> None:
    sqlite_engine.gate(item("lamp", "lamp", surface="market"))
    sqlite_engine.deliver.placements.add(placed("p", "lamp", 30))
    asked: list[tuple[str, Any]] = []
    told = (sa.Engine, "before_cursor_execute", lambda *say: asked.append((say[2], say[3])))
    sa.event.listen(*told)
    assert found(sqlite_engine, "lamp") == ["lamp"]
    sa.event.remove(*told)

    ((statement, values),) = [one for one in asked if "ORDER BY placement.bid" in one[0]]
    with sqlite_engine._runtime.store.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row[3] for row in plan]
    assert steps[0] == "SCAN placement USING INDEX ix_placement_running"
    assert not [step for step in steps if "market_search" in step]


def test_a_paid_place_is_first_and_discloses_who_pays(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    first, *rest = market.deliver(viewer, "market").places

    assert first.item.id == "lamp"
    assert first.disclosure is not None
    assert (first.disclosure.placement, first.disclosure.advertiser) == ("p", "payer of p")
    assert disclosure_of(first.disclosure) == "Paid: payer of p pays for this place."
    assert all(place.disclosure is None and place.item.id != "lamp" for place in rest)


def test_the_winner_pays_what_the_next_one_bid(market: Engine, clock: ManualClock) -> None:
    market.deliver.placements.add(placed("high", "lamp", 30))
    market.deliver.placements.add(placed("low", "silk", 20))
    market.deliver(viewer, "market", size=5)

    day = clock.at.date()
    assert (
        market.deliver.placements.spent("high", day).minor,
        market.deliver.placements.spent("low", day).minor,
    ) == (20, 0)
    with pytest.raises(NotFound):
        market.deliver.placements.spent("nobody's", day)


def test_a_viewer_is_paid_for_once_a_day(market: Engine, clock: ManualClock) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    for _ in range(3):
        market.deliver(viewer, "market")
    assert market.deliver.placements.spent("p", clock.at.date()).minor == 1
    clock.advance(days=1)
    market.deliver(viewer, "market")
    assert market.deliver.placements.spent("p", clock.at.date()).minor == 1


def test_a_placement_competes_only_where_its_item_fits(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))

    assert found(market, "连衣裙", size=1) in (["silk"], ["cotton"])
    market.gate.ban(Subject(SubjectKind.user, "seller of lamp"), "fraud")
    assert "lamp" not in found(market)


def test_an_item_that_two_pay_for_stands_on_a_page_once(market: Engine, clock: ManualClock) -> None:
    for id, what, bid in (("a", "lamp", 30), ("b", "lamp", 20), ("c", "silk", 10)):
        market.deliver.placements.add(placed(id, what, bid))

    shown = found(market, size=10)
    assert sorted(shown) == sorted(set(shown))
    day = clock.at.date()
    assert [market.deliver.placements.spent(id, day).minor for id in "abc"] == [20, 0, 1]


def test_nobody_pays_for_a_look_of_its_own(market: Engine, clock: ManualClock) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    for own in ("payer of p", "seller of lamp"):
        places = market.deliver(UserId(own), "market").places
        assert all(place.disclosure is None for place in places)

    assert market.deliver.placements.spent("p", clock.at.date()).minor == 0


def test_the_placements_of_banned_and_blocked_advertisers_are_not_shown(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    market.deliver.placements.add(placed("q", "silk", 20))

    def payers() -> list[str]:
        places = market.deliver(viewer, "market", size=10).places
        return [place.disclosure.advertiser for place in places if place.disclosure]

    market.gate.ban(Subject(SubjectKind.user, "payer of p"), "fraud")
    assert payers() == ["payer of q"]
    market.people.block(UserId("payer of q"), viewer)
    assert payers() == []


def test_a_placement_stops_for_good(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    market.deliver.placements.stop("p")

    places = market.deliver(viewer, "market").places
    assert all(place.disclosure is None for place in places)
    with pytest.raises(NotFound):
        market.deliver.placements.stop("nobody's")


def test_a_budget_holds_for_the_day_and_lasts_through_it(
    market: Engine, clock: ManualClock
) -> None:
    market.deliver.placements.add(placed("rival", "silk", 10))
    market.deliver.placements.add(placed("p", "lamp", 11, budget=240))
    clock.at = noon.replace(hour=0)
    spent = []
    for hour in range(24):
        for number in range(3):  # a look costs 10, so that one an hour is paid for
            market.deliver(UserId(f"viewer-{hour}-{number}"), "market", size=5)
        spent.append(market.deliver.placements.spent("p", noon.date()).minor)
        clock.advance(minutes=60)

    assert spent[-1] <= 240
    assert all(amount <= 10 * (hour + 2) for hour, amount in enumerate(spent))
    assert spent[11] >= 80
    assert spent[-1] >= 200


def test_placing_twice_is_one_placement_and_another_body_a_conflict(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    market.deliver.placements.add(placed("p", "lamp", 30))

    with pytest.raises(IdempotencyConflict):
        market.deliver.placements.add(placed("p", "lamp", 31))


def test_placements_of_two_currencies_don_t_compete(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    dollars = Placement(
        id="q",
        advertiser=viewer,
        item=ItemId("silk"),
        bid=Money(5, "USD"),
        daily_budget=Money(50, "USD"),
    )

    with pytest.raises(CurrencyMismatch):
        market.deliver.placements.add(dollars)


def test_the_next_page_goes_on_with_the_auction(market: Engine) -> None:
    for id, bid in (("silk", 30), ("cotton", 20), ("skirt", 10)):
        market.deliver.placements.add(placed(id, id, bid))

    first = market.deliver(viewer, "market", size=1)
    second = market.deliver(viewer, "market", size=1, cursor=first.cursor)
    again = market.deliver(viewer, "market", size=1)

    sold = [
        [place.disclosure.placement for place in page.places if place.disclosure]
        for page in (first, second, again)
    ]
    assert sold == [["silk"], ["cotton"], ["silk"]]
    assert market.deliver.placements.spent("silk", noon.date()) == Money(20, "CNY")
