"""Kouling: the open engine for share codes, from minting to the money they earn.

    mint → gate → deliver → redeem → settle → insight

`Engine` is the way in; the records it takes and gives are named here, too. They are loaded when
one of them is first asked for, so that who needs one room or instrument waits for that alone: a
picture's worker, the command line's help.
"""

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
    """Load the engine and its rooms when one of their names is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kouling import engine, gate, ids, mint, money, redeem, settle

    home = next(
        one for one in (engine, gate, ids, mint, money, redeem, settle) if hasattr(one, name)
    )
    return globals().setdefault(name, getattr(home, name))


def __dir__() -> list[str]:
    """List the names, loaded or not."""
    return sorted({*globals(), *__all__})
