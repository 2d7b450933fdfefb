"""Offers, items and messages that many tests share."""

from typing import Any

from kouling import Conversion, Item, Money, Offer, Surface
from kouling.ids import ConversionId, GroupId, ItemId, OfferId, UserId

seller, friend, stranger = UserId("seller"), UserId("friend"), UserId("stranger")
neighbours = GroupId("neighbours")

foreign_text = "【真丝连衣裙】 復·制这段描述￥t7Xk2bQm9Ra￥后咑閞👉淘♂寳♀👈"

price = Money(19_900, "CNY")


def offer(**changes: Any) -> Offer:
    fields = {
        "id": OfferId("dress"),
        "merchant": UserId("shop"),
        "title": "真丝连衣裙",
        "url": "https://shop.example/dress",
        "price": price,
        "rate_bps": 1_000,
    }
    return Offer(**{**fields, **changes})


def item(id: str, text: str = "今天天气真好", **changes: Any) -> Item:
    fields = {"id": ItemId(id), "author": seller, "surface": Surface.moments, "text": text}
    return Item(**{**fields, **changes})


def conversion(id: str = "order-1", **changes: Any) -> Conversion:
    fields = {
        "id": ConversionId(id),
        "buyer": friend,
        "offer": OfferId("dress"),
        "amount": price,
    }
    return Conversion(**{**fields, **changes})
