"""Who gets the paid places, and for how much."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kouling.deliver.market.auction import Award, Bid, auction, left_now, paid_places
from tests.conftest import noon

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
