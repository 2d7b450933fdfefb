"""WooCommerce's webhooks for orders: each line is a sale; refunds come with the order again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kouling.clock import read_time
from kouling.ids import ConversionId, OfferId, UserId
from kouling.server.hooks.amounts import money_of
from kouling.server.hooks.records import Hook, HookAnswer, HookCall, Sold
from kouling.server.hooks.shopping import WooEvent, buyer_note
from kouling.settle import Conversion, ConversionStatus, Refund

statuses = {
    "processing": ConversionStatus.paid,
    "completed": ConversionStatus.received,
    "refunded": ConversionStatus.paid,
}


def is_greeting(call: HookCall) -> bool:
    """Whether the shop tries out whether somebody is here, which it does without a signature."""
    return re.fullmatch(rb"webhook_id=\d{1,20}", call.body) is not None


def read(hook: Hook, call: HookCall) -> Sold | HookAnswer:
    """Return what was sold and refunded of an order, as far as it is paid."""
    order = call.read(WooEvent)
    if order.status not in statuses:
        return HookAnswer({})
    return Sold((*_sales(hook, order), *_refunds(hook, order)))


def _sales(hook: Hook, order: WooEvent) -> Iterator[Conversion]:
    notes = {note.key: str(note.value) for note in order.meta_data if note.value}
    buyer = f"{hook.name}:{order.customer_id or f'order-{order.id}'}"
    paid_at = read_time(f"{order.date_paid_gmt}+00:00") if order.date_paid_gmt else None
    for line in order.line_items:
        if (amount := money_of(line.total, order.currency)).minor > 0:
            yield Conversion(
                id=ConversionId(hook.key(order.id, line.id)),
                buyer=UserId(notes.get(buyer_note, buyer)),
                offer=OfferId(str(line.product_id)),
                amount=amount,
                status=statuses[order.status],
                converted_at=paid_at,
            )


def _refunds(hook: Hook, order: WooEvent) -> Iterator[Refund]:
    """A refund is of the whole order, with tax and shipping: each line has its part of it."""
    whole = money_of(order.total, order.currency)
    for refund in order.refunds:
        back = -money_of(refund.total, order.currency).minor
        for line in order.line_items:
            part = money_of(line.total, order.currency).part(back, max(whole.minor, 1))
            if part.minor > 0:
                sale = ConversionId(hook.key(order.id, line.id))
                yield Refund(id=hook.key(refund.id, line.id), conversion=sale, amount=part)
