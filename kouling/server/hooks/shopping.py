"""What shops tell of orders and refunds, as far as something is booked by it."""

from __future__ import annotations

from datetime import datetime

import msgspec

buyer_note = "kouling_buyer"
"""The name under which a shop's pages tell who buys, as redemptions know the buyer."""


class ShopAmount(msgspec.Struct):
    """A part of a discount, or an amount in the shop's own currency."""

    amount: str
    currency_code: str = ""


class ShopAmounts(msgspec.Struct):
    """An amount in the shop's currency; that in the buyer's is left out."""

    shop_money: ShopAmount


class ShopNote(msgspec.Struct):
    """A note that the shop's pages put into the cart."""

    name: str = ""
    value: str | int | float | bool | None = None


class ShopBuyer(msgspec.Struct):
    """A buyer with an account at the shop."""

    id: int


class ShopLine(msgspec.Struct):
    """One line of an order; it has no product where the merchant typed it in."""

    id: int
    quantity: int
    price: str
    product_id: int | None = None
    discount_allocations: list[ShopAmount] = []


class ReturnedLine(msgspec.Struct):
    """One line of a refund."""

    id: int
    line_item_id: int
    subtotal_set: ShopAmounts


class ShopEvent(msgspec.Struct):
    """An order, or a refund of one."""

    id: int
    order_id: int = 0
    currency: str = ""
    processed_at: datetime | None = None
    customer: ShopBuyer | None = None
    note_attributes: list[ShopNote] = []
    line_items: list[ShopLine] = []
    refund_line_items: list[ReturnedLine] = []


class WooNote(msgspec.Struct):
    """A field that the shop's pages added to an order."""

    key: str = ""
    value: object = None


class WooLine(msgspec.Struct):
    """One line of an order; `total` is what was paid for it, without tax."""

    id: int
    product_id: int
    total: str


class WooRefund(msgspec.Struct):
    """A refund of a part of an order, below zero."""

    id: int
    total: str


class WooEvent(msgspec.Struct):
    """An order with all that was refunded of it."""

    id: int
    status: str = ""
    currency: str = ""
    total: str = "0"
    customer_id: int = 0
    date_paid_gmt: str | None = None
    line_items: list[WooLine] = []
    refunds: list[WooRefund] = []
    meta_data: list[WooNote] = []
