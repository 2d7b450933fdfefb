"""What is paid for in the market: placements, what they are charged, how they are disclosed."""

from __future__ import annotations

from datetime import date

import msgspec

from kouling.ids import ItemId, UserId
from kouling.money import Money


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """A paid place in the market: an item, what a viewer's look at it is worth, and the budget.

    A placement is charged once for a viewer and day (UTC), at most `bid` and never more than
    `daily_budget` in all.
    """

    id: str
    advertiser: UserId
    item: ItemId
    bid: Money
    daily_budget: Money


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What a placement owes for a viewer's look on a day (UTC): once, and at most its bid."""

    placement: str
    advertiser: UserId
    viewer: UserId
    day: date
    amount: Money


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """The mark of a paid place: who pays, and by which placement."""

    placement: str
    advertiser: UserId
