"""Touchpoints become attributions: who earned a sale."""

from __future__ import annotations

from collections.abc import Sequence

from kouling.money import bps_max
from kouling.redeem import Touchpoint
from kouling.settle.records import Attribution


def last_touch(touchpoints: Sequence[Touchpoint]) -> tuple[Attribution, ...]:
    """Give the whole sale to the latest touchpoint; a buyer's own code earns nothing.

    The touchpoints are those within the attribution window, in any order.
    """
    others = [one for one in touchpoints if not one.own]
    if not others:
        return ()
    latest = max(others, key=lambda one: (one.touched_at, one.id))
    return (Attribution(latest, bps_max),)
