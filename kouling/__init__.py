"""Kouling: the open engine for share codes, from minting to the money they earn.

    mint → gate → deliver → redeem → settle → insight

`Engine` is the way in; the records it takes and gives are named here, too. They are loaded when
one of them is first asked for, so that who needs one room or instrument waits for that alone: a
picture's worker, the command line's help.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kouling.engine import Engine
    from kouling.gate import (
        Decision,
        Item,
        Policy,
        Surface,
        Visibility,
        bundled_policy,
        read_policy,
    )
    from kouling.ids import ConversionId, GroupId, ItemId, OfferId, UserId
    from kouling.mint import Channel, Offer, ShareCode
    from kouling.money import Money
    from kouling.redeem import Redemption, Refusal, RefusalReason
    from kouling.settle import Conversion, ConversionStatus, Entry, Refund

__all__ = [
    "Channel",
    "Conversion",
    "ConversionId",
    "ConversionStatus",
    "Decision",
    "Engine",
    "Entry",
    "GroupId",
    "Item",
    "ItemId",
    "Money",
    "Offer",
    "OfferId",
    "Policy",
    "Redemption",
    "Refund",
    "Refusal",
    "RefusalReason",
    "ShareCode",
    "Surface",
    "UserId",
    "Visibility",
    "bundled_policy",
    "read_policy",
]


def __getattr__(name: str) -> object:
    """Load the first room that has a name, or the engine, when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next(home for home in _homes() if hasattr(home, name))
    return globals().setdefault(name, getattr(home, name))


def _homes() -> Iterator[ModuleType]:
    """Yield the modules that have the names, each before those that load it."""
    from kouling import ids, money

    yield from (ids, money)
    from kouling import mint

    yield mint
    from kouling import gate

    yield gate
    from kouling import redeem, settle

    yield from (redeem, settle)
    from kouling import engine

    yield engine


def __dir__() -> list[str]:
    """List the names, loaded or not."""
    return sorted({*globals(), *__all__})
