"""What paid places cost, on its way to the ledger."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kouling import Engine
from kouling.clock import ManualClock
from kouling.deliver import Placement, charge_table
from kouling.errors import (
    LedgerError,
)
from kouling.ids import UserId
from tests.conftest import noon
from tests.deliver.market import open_stalls, placed, viewer
from tests.samples import item

numbers = count(1)


@pytest.fixture
def market(engine: Engine) -> Engine:
    """Three dresses and a lamp, of two sellers."""
    return open_stalls(engine)


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
    assert market.settle.ledger.verify().entries == 3  # one entry a page, a leg for each charge


def test_a_page_that_costs_nothing_leaves_no_entry(market: Engine) -> None:
    market.deliver.placements.add(placed("p", "lamp", 30))
    for _ in range(3):
        market.deliver(viewer, "market")
    market.deliver(viewer, "market", query="silk")

    assert market.settle.ledger.verify().entries == 1


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
    entries = market.settle.ledger.verify().entries
    assert entries == 1 + 6  # parts of three, by placement and day: 3, 2 and 1, 2 and 1, 1
    assert market.settle.charges.post() == 0
    assert market.settle.ledger.verify().entries == entries


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
    assert market.settle.ledger.verify().entries == 40


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
    assert engine.settle.ledger.verify().entries > 0
