"""Shopify's webhooks for orders and refunds: each line of an order is a sale of an offer."""

from __future__ import annotations

from collections.abc import Iterator

from kouling.ids import ConversionId, OfferId, UserId
from kouling.money import Money
from kouling.server.hooks.amounts import money_of
from kouling.server.hooks.records import Hook, HookAnswer, HookCall, Sold
from kouling.server.hooks.shopping import ShopEvent, ShopLine, buyer_note
from kouling.settle import Conversion, ConversionStatus, Refund

_statuses = {"orders/paid": ConversionStatus.paid, "orders/fulfilled": ConversionStatus.received}


def read(hook: Hook, call: HookCall) -> Sold | HookAnswer:
    """Return what was sold or refunded; lines that have no product are no offers."""
    event, topic = call.read(ShopEvent), call.headers.get("x-shopify-topic", "")
    if topic == "refunds/create":
        return Sold(tuple(_refunds(hook, event)))
    if topic not in _statuses:
        return HookAnswer({})
    return Sold(tuple(_sales(hook, event, _statuses[topic])))


def _sales(hook: Hook, event: ShopEvent, status: ConversionStatus) -> Iterator[Conversion]:
    notes = {note.name: str(note.value) for note in event.note_attributes if note.value}
    buyer = f"{hook.name}:{event.customer.id if event.customer else f'order-{event.id}'}"
    for line in event.line_items:
        amount = _paid(line, event.currency)
        if line.product_id is not None and amount.minor > 0:
            yield Conversion(
                id=ConversionId(hook.key(event.id, line.id)),
                buyer=UserId(notes.get(buyer_note, buyer)),
                offer=OfferId(str(line.product_id)),
                amount=amount,
                status=status,
                converted_at=event.processed_at,
            )


def _paid(line: ShopLine, currency: str) -> Money:
    each = money_of(line.price, currency)
    less = [money_of(one.amount, currency) for one in line.discount_allocations]
    return Money(each.minor * line.quantity - sum(one.minor for one in less), each.currency)


def _refunds(hook: Hook, event: ShopEvent) -> Iterator[Refund]:
    for line in event.refund_line_items:
        paid = line.subtotal_set.shop_money
        sale = ConversionId(hook.key(event.order_id, line.line_item_id))
        amount = money_of(paid.amount, paid.currency_code)
        yield Refund(id=hook.key(event.id, line.id), conversion=sale, amount=amount)
