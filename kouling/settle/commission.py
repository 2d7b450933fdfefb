"""A sale and a rate card become a commission, in whole minor units."""

from __future__ import annotations

from kouling.money import Money
from kouling.settle.records import Commission, RateCard


def commission_on(amount: Money, card: RateCard) -> Commission:
    """Return the commission on an amount: rounded down, the platform's part of it too.

    What rounding leaves of the commission is the sharer's.
    """
    whole = amount.bps(card.rate_bps)
    platform = whole.bps(card.platform_bps)
    return Commission(sharer=whole - platform, platform=platform)
