"""Kouling: the open engine for share codes, from minting to the money they earn.

    mint → gate → deliver → redeem → settle → insight

`Engine` is the way in; the records it takes and gives are named here, too.
"""

from kouling.engine import Engine
from kouling.gate import Decision, Item, Policy, Surface, Visibility, bundled_policy, read_policy
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
