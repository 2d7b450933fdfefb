"""Whether a paid placement can be put up."""

from __future__ import annotations

from kouling.deliver.market.records import Placement
from kouling.errors import CurrencyMismatch, InvalidInput
from kouling.ids import check_id


def check_placement(placement: Placement) -> None:
    """Raise `InvalidInput` unless a placement can be put up."""
    check_id(placement.id, "placement id")
    check_id(placement.advertiser, "advertiser id")
    bid, budget = placement.bid, placement.daily_budget
    if bid.currency != budget.currency:
        raise CurrencyMismatch(f"a bid in {bid.currency}, a budget in {budget.currency}")
    if not 0 < bid.minor <= budget.minor:
        raise InvalidInput(
            f"a bid of {bid} on a budget of {budget}", hint="bid above 0 and within a day's budget"
        )
