"""Bids for the paid places of a market page come in, the winners and their prices go out.

A generalized second-price auction: places go by falling bid, and each winner pays the next bid
that could have had its place, never more than its own. So a higher bid never gets a lower place.
Amounts are whole minor units of one currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

reserve = 1
"""The lowest price of a place, in minor units."""

ahead = timedelta(hours=1)
"""How far a placement may spend ahead of an even pace through the day; chosen, not measured."""

paid_every = 5
"""One paid place to so many places of a page, and at least one; chosen, not measured."""


class Bid(NamedTuple):
    """What a placement offers for one viewer's look, and what it may still spend now."""

    placement: str
    advertiser: str
    item: str
    amount: int
    left: int


class Award(NamedTuple):
    """A place won and its price."""

    placement: str
    price: int


def auction(bids: Iterable[Bid], places: int) -> list[Award]:
    """Return who gets the places, best first, and what each pays.

    An advertiser competes with its highest bid alone, so that it doesn't set its own price, and
    an item has one place. A bid that its budget doesn't cover stays out. Equal bids go by the
    placement's id.
    """
    ranked = sorted(
        (bid for bid in bids if reserve <= bid.amount <= bid.left),
        key=lambda bid: (-bid.amount, bid.placement),
    )
    best: dict[str, Bid] = {}
    for bid in ranked:
        best.setdefault(bid.advertiser, bid)
    awards: list[Award] = []
    waiting = list(best.values())
    while waiting and len(awards) < places:
        winner, *rivals = waiting
        awards.append(Award(winner.placement, rivals[0].amount if rivals else reserve))
        waiting = [bid for bid in rivals if bid.item != winner.item]
    return awards


def left_now(daily_budget: int, spent: int, at: datetime) -> int:
    """Return what a placement may spend at this time of the day (UTC), never below 0.

    A budget is spent evenly, at most an hour ahead, so that it lasts through the day.
    """
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    part = min((at - midnight + ahead) / timedelta(days=1), 1.0)
    return max(0, min(int(daily_budget * part), daily_budget) - spent)


def paid_places(size: int) -> int:
    """Return how many paid places a page of this size has."""
    return max(1, size // paid_every)
