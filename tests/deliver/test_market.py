from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kouling import Engine, Money, bundled_policy
from kouling.clock import ManualClock
from kouling.deliver import Placement, charge_table
from kouling.deliver.market.auction import Award, Bid, auction, left_now, paid_places
from kouling.deliver.market.words import words_of, words_wanted
from kouling.errors import (
    CurrencyMismatch,
    IdempotencyConflict,
    InvalidInput,
    LedgerError,
    NotFound,
)
from kouling.gate import Subject, SubjectKind
from kouling.ids import ItemId, UserId
from kouling.words import disclosure_of
from tests.conftest import noon
from tests.samples import foreign_text, item

viewer = UserId("viewer")
numbers = count(1)


@pytest.fixture
def market(engine: Engine) -> Engine:
    """Three dresses and a lamp, of two sellers."""
    for id, text in (
        ("silk", "真丝连衣裙 夏季新款"),
        ("cotton", "纯棉连衣裙"),
        ("skirt", "短裙 100% cotton"),
        ("lamp", "Reading lamp, 台燈"),
    ):
        engine.gate(item(id, text, surface="market", author=UserId(f"seller of {id}")))
    return engine


def found(engine: Engine, query: str = "", **options: object) -> list[str]:
    page = engine.deliver(viewer, "market", query=query, **options)  # type: ignore[arg-type]  # any option
    return [place.item.id for place in page.places]


def placed(id: str, what: str, bid: int, budget: int = 10**6, by: str = "") -> Placement:
    return Placement(
        id=id,
        advertiser=UserId(by or f"payer of {id}"),
        item=ItemId(what),
        bid=Money(bid, "CNY"),
        daily_budget=Money(budget, "CNY"),
    )


# Search.


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


@pytest.mark.parametrize(
    ("labels", "error"), [(["x" * 41], InvalidInput), ([""], InvalidInput), (["a\n"], InvalidInput)]
)
def test_what_is_no_label_is_refused(
    market: Engine, labels: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        market.deliver.label(ItemId("silk"), labels)


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


@pytest.mark.parametrize("options", [{"query": "?!"}, {"query": "x" * 201}, {"query": "\0"}])
def test_a_search_without_words_is_refused(market: Engine, options: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        found(market, **options)
    with pytest.raises(InvalidInput, match="market alone"):
        market.deliver(viewer, "moments", query="裙")


@given(st.text(min_size=1, max_size=40))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    assert set(words_wanted(text)) <= set(words_of(text))
    assert all(word.isascii() and word.isalpha() for word in words_of(text))


# Paid places.


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


def test_a_charge_is_posted_from_the_advertiser_to_the_platform(
    market: Engine, clock: ManualClock
) -> None:
    for id, what, bid in (("high", "lamp", 30), ("low", "silk", 20), ("least", "skirt", 5)):
        market.deliver.placements.add(placed(id, what, bid))
    for number in range(3):
        market.deliver(UserId(f"viewer-{number}"), "market", size=10)  # two paid places

    posted = {(b.account.kind, b.account.owner): b.posted for b in market.settle.ledger.balances()}
    assert posted == {
        ("merchant", "payer of high"): -60,
        ("merchant", "payer of low"): -15,
        ("platform", "kouling"): 75,
    }
    spent = [
        market.deliver.placements.spent(id, clock.at.date()).minor
        for id in ("high", "low", "least")
    ]
    assert spent == [60, 15, 0]
    assert market.settle.ledger.verify() == 3  # one entry a page, a leg for each charge


def test_a_page_that_costs_nothing_leaves_no_entry(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    for _ in range(3):
        market.deliver(viewer, "market")
    market.deliver(viewer, "market", query="silk")

    assert market.settle.ledger.verify() == 1


def test_a_charge_that_is_not_in_the_ledger_is_found(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    market.deliver(viewer, "market")
    charged = "INSERT INTO charge SELECT placement, day, 'nobody', 7, bid, at FROM charge"
    market._runtime.store.write(lambda c: c.execute(sa.text(charged)))

    with pytest.raises(LedgerError, match=r"'p' was charged 7 .* and 0 are posted.*charges.post"):
        market.settle.ledger.verify()


def charged_before(engine: Engine, viewers: int) -> None:
    """Two placements charged as by a version whose ledger didn't take charges."""
    for id, what in (("p", "lamp"), ("q", "silk")):
        engine.deliver.placements.add(placed(id, what, 30))
    charge = {"amount": 7, "bid": 30, "at": noon}
    charges = [
        {**charge, "placement": id, "day": date(2018, 5, 1 + n % 2), "viewer": f"viewer-{n}"}
        for id in "pq"
        for n in range(viewers)
    ]
    engine._runtime.store.write(lambda c: c.execute(charge_table.insert(), charges))


def test_charges_of_an_earlier_version_are_posted_once(
    market: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.settle.charge.charges_at_once", 3)
    charged_before(market, 5)
    market.deliver(viewer, "market")  # the charges of this page are posted with it

    assert market.settle.charges.post() == 10
    posted = {b.account.owner: b.posted for b in market.settle.ledger.balances()}
    assert posted == {"payer of p": -35 - 30, "payer of q": -35 - 1, "kouling": 101}
    entries = market.settle.ledger.verify()
    assert entries == 1 + 6  # parts of three, by placement and day: 3, 2 and 1, 2 and 1, 1
    assert market.settle.charges.post() == 0
    assert market.settle.ledger.verify() == entries


def test_what_a_crash_kept_from_being_posted_is_posted_when_asked_again(
    market: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.settle.charge.charges_at_once", 3)
    charged_before(market, 5)
    clock, asked = market._runtime.clock, iter(range(3))

    def failing() -> datetime:
        next(asked)
        return clock()

    monkeypatch.setattr(market._runtime, "clock", failing)
    with pytest.raises(StopIteration):
        market.settle.charges.post()
    monkeypatch.setattr(market._runtime, "clock", clock)

    assert market.settle.charges.post() == 10 - 3 * 3
    assert market.settle.ledger.balances(UserId("payer of p"))[0].posted == -35
    market.settle.ledger.verify()


def test_charges_that_two_post_at_once_are_posted_once(market: Engine, target: str) -> None:
    charged_before(market, 60)
    with Engine.open(target, clock=market._runtime.clock) as other, ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda engine: engine.settle.charges.post(), (market, other)))

    assert sum(counts) == 120
    assert market.settle.ledger.balances(UserId("payer of p"))[0].posted == -420
    market.settle.ledger.verify()


def test_charges_are_no_commission(market: Engine, clock: ManualClock) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    market.deliver(viewer, "market")

    stages = market.insight("funnel", clock.at.date()).column("stage")
    assert not [stage for stage in stages if str(stage).startswith("commission")]


def test_pages_served_at_once_neither_overspend_nor_lose_a_posting(
    market: Engine, clock: ManualClock
) -> None:
    clock.at = noon.replace(hour=23, minute=30)  # all of the day's budget may be spent
    market.deliver.placements.add(placed("rival", "silk", 10))
    market.deliver.placements.add(placed("p", "lamp", 11, budget=100))
    with ThreadPoolExecutor(16) as pool:
        pages = list(
            pool.map(lambda n: market.deliver(UserId(f"viewer-{n}"), "market", size=5), range(40))
        )

    day = clock.at.date()
    winners = Counter(page.places[0].item.id for page in pages)
    assert winners == {"lamp": 9, "silk": 31}  # a tenth look could have cost more than was left
    assert (
        market.deliver.placements.spent("p", day).minor,
        market.deliver.placements.spent("rival", day).minor,
    ) == (90, 31)
    assert [b.posted for b in market.settle.ledger.balances(UserId("payer of p"))] == [-90]
    assert market.settle.ledger.verify() == 40


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
        for number in range(10):
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


happenings = st.lists(
    st.one_of(
        st.tuples(st.just("place"), st.integers(1, 40), st.integers(1, 40)),
        st.tuples(st.just("look"), st.integers(0, 5), st.integers(1, 12)),
        st.tuples(st.just("wait"), st.integers(1, 20), st.just(0)),
        st.tuples(st.just("stop"), st.integers(0, 3), st.just(0)),
    ),
    max_size=20,
)


def test_whatever_happens_no_budget_is_exceeded_and_what_is_spent_is_posted(
    sqlite_engine: Engine, clock: ManualClock
) -> None:
    engine, numbers = sqlite_engine, count()
    for n in range(4):
        engine.gate(item(f"i{n}", f"dress {n}", surface="market", author=UserId(f"seller-{n}")))

    @settings(max_examples=30)
    @given(happenings)
    def trade(happened: list[tuple[str, int, int]]) -> None:
        running: list[Placement] = []
        days, example = {clock.at.date()}, next(numbers)
        for what, much, more in [("place", 20, 30), ("look", 0, 5), *happened]:
            if what == "place":
                n = next(numbers)
                running.append(placed(f"p{n}", f"i{n % 4}", much, much * more, by=f"payer-{n}"))
                engine.deliver.placements.add(running[-1])
            elif what == "look":
                engine.deliver(UserId(f"viewer-{example}-{much}"), "market", size=more)
            elif what == "wait":
                days.add(clock.advance(hours=much).date())
            elif running:
                engine.deliver.placements.stop(running[much % len(running)].id)

        for one in running:
            spent = [engine.deliver.placements.spent(one.id, day).minor for day in days]
            assert all(amount <= one.daily_budget.minor for amount in spent)
            posted = [balance.posted for balance in engine.settle.ledger.balances(one.advertiser)]
            assert sum(spent) == -sum(posted)
            engine.deliver.placements.stop(one.id)
        engine.settle.ledger.verify()

    trade()
    assert engine.settle.ledger.verify() > 0


# The auction, by itself.

bids = st.lists(
    st.builds(
        Bid,
        placement=st.text("abcdef", min_size=1, max_size=3),
        advertiser=st.sampled_from("ABCDEF"),
        item=st.sampled_from("uvwxyz"),
        amount=st.integers(-1, 100),
        left=st.integers(0, 200),
    ),
    max_size=12,
    unique_by=lambda bid: bid.placement,
)


def rank(awards: list[Award], placement: str) -> int:
    names = [award.placement for award in awards]
    return names.index(placement) if placement in names else len(names)


@given(bids, st.integers(1, 6))
def test_no_bidder_pays_above_its_bid_or_below_the_next(offers: list[Bid], places: int) -> None:
    amount = {bid.placement: bid.amount for bid in offers}
    awards = auction(offers, places)

    assert len(awards) <= places
    assert all(1 <= award.price <= amount[award.placement] for award in awards)
    assert all(one.price >= amount[after.placement] for one, after in pairwise(awards))


@given(bids, st.integers(1, 6))
def test_no_award_is_beyond_what_is_left(offers: list[Bid], places: int) -> None:
    left = {bid.placement: bid.left for bid in offers}

    assert all(award.price <= left[award.placement] for award in auction(offers, places))


@given(bids, st.integers(1, 6), st.integers(1, 50), st.integers(0, 11))
def test_a_higher_bid_never_gets_a_lower_place(
    offers: list[Bid], places: int, more: int, which: int
) -> None:
    if not offers:
        return
    mine = offers[which % len(offers)]._replace(left=1_000)
    others = [bid for bid in offers if bid.placement != mine.placement]
    raised = mine._replace(amount=mine.amount + more)

    before = rank(auction([*others, mine], places), mine.placement)
    after = rank(auction([*others, raised], places), mine.placement)
    if mine.amount >= 1:
        assert after <= before


@given(bids, st.integers(1, 6))
def test_an_advertiser_and_an_item_have_one_place_at_most(offers: list[Bid], places: int) -> None:
    offered = {bid.placement: bid for bid in offers}
    won = [offered[award.placement] for award in auction(offers, places)]

    assert len(won) == len({bid.advertiser for bid in won}) == len({bid.item for bid in won})


@given(bids, st.integers(1, 6))
def test_a_winner_would_keep_its_place_with_a_bid_of_its_price_and_not_with_less(
    offers: list[Bid], places: int
) -> None:
    offered = {bid.placement: bid for bid in offers}
    for place, award in enumerate(auction(offers, places)):
        mine = offered[award.placement]
        others = [bid for bid in offers if bid.advertiser != mine.advertiser]

        def place_with(amount: int, mine: Bid = mine, others: list[Bid] = others) -> int:
            bid = mine._replace(placement="", amount=amount)  # first among equal bids
            return rank(auction([*others, bid], places), "")

        assert place_with(award.price) <= place  # sooner where it ties with the one before
        assert award.price == 1 or place_with(award.price - 1) > place


@given(st.integers(1, 10**9), st.lists(st.integers(0, 24 * 60), max_size=20), st.data())
def test_pacing_never_lets_a_budget_be_exceeded(
    budget: int, minutes: list[int], data: st.DataObject
) -> None:
    midnight, spent = datetime.combine(noon.date(), datetime.min.time(), noon.tzinfo), 0
    for minute in sorted(minutes):
        left = left_now(budget, spent, midnight + timedelta(minutes=min(minute, 1_439)))
        spent += data.draw(st.integers(0, left))
        assert spent <= budget


def test_a_fifth_of_a_page_is_paid_and_at_least_one_place() -> None:
    assert [paid_places(size) for size in (1, 4, 5, 20, 100)] == [1, 1, 1, 4, 20]
