"""Shopify and WooCommerce: orders and refunds of their public documentation become entries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from kouling import Engine, Money
from kouling.errors import InvalidInput
from kouling.ids import OfferId, UserId
from tests.samples import friend, offer, seller
from tests.server.hooks.conftest import client_of, secret

Client = TestClient[Litestar]

hooks = f"shopify: {{secret: {secret}}}\nwoocommerce: {{secret: {secret}}}\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A shop in which a friend has used a seller's code for the product 632910392."""
    with Engine.open(str(tmp_path / "shop.db")) as opened:
        opened.mint.hosts.allow(UserId("shop"), ["shop.example"])
        dress = offer(id=OfferId("632910392"))
        code = opened.mint(dress, sharer=seller)
        opened.redeem(code.code, buyer=friend)
        yield opened


@pytest.fixture
def client(engine: Engine, tmp_path: Path) -> Iterator[Client]:
    with client_of(tmp_path, hooks, engine=engine) as opened:
        yield opened


def order(**fields: Any) -> dict[str, Any]:
    """An order as `orders/paid` tells of it."""
    line = {
        "id": 466157049,
        "product_id": 632910392,
        "quantity": 1,
        "price": "199.00",
        "discount_allocations": [{"amount": "9.00", "discount_application_index": 0}],
    }
    typed = {"id": 466157050, "product_id": None, "quantity": 1, "price": "5.00"}
    foreign = {"id": 466157051, "product_id": 7, "quantity": 2, "price": "3.00"}
    return {
        "id": 450789469,
        "currency": "CNY",
        "processed_at": None,
        "customer": {"id": 207119551, "email": "friend@example.com"},
        "note_attributes": [{"name": "kouling_buyer", "value": "friend"}],
        "line_items": [line, typed, foreign],
        **fields,
    }


def refund(amount: str = "190.00") -> dict[str, Any]:
    money = {"amount": amount, "currency_code": "CNY"}
    line = {
        "id": 1058498311,
        "line_item_id": 466157049,
        "quantity": 1,
        "subtotal_set": {"shop_money": money, "presentment_money": money},
    }
    return {"id": 929361464, "order_id": 450789469, "refund_line_items": [line]}


def woo(status: str = "processing", *refunds: str) -> dict[str, Any]:
    return {
        "id": 727,
        "status": status,
        "currency": "CNY",
        "total": "209.00",
        "customer_id": 5,
        "date_paid_gmt": None,
        "line_items": [{"id": 315, "product_id": 632910392, "quantity": 1, "total": "190.00"}],
        "refunds": [
            {"id": 726 + place, "reason": "", "total": total} for place, total in enumerate(refunds)
        ],
        "meta_data": [{"id": 1, "key": "kouling_buyer", "value": "friend"}],
    }


def signed(body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def to_shopify(client: Client, topic: str, event: Any) -> dict[str, Any]:
    body = json.dumps(event).encode()
    headers = {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": signed(body)}
    response = client.post("/v1/hooks/shopify", content=body, headers=headers)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


def to_woo(client: Client, event: Any) -> dict[str, Any]:
    body = json.dumps(event).encode()
    headers = {"X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Signature": signed(body)}
    response = client.post("/v1/hooks/woocommerce", content=body, headers=headers)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


def earned(engine: Engine) -> tuple[int, int]:
    """What the seller has, settled and pending."""
    found = [one for one in engine.settle.ledger.balances() if one.account.owner == "seller"]
    return (found[0].posted, found[0].pending) if found else (0, 0)


def test_an_order_earns_and_a_refund_takes_it_back(client: Client, engine: Engine) -> None:
    paid = to_shopify(client, "orders/paid", order())
    assert paid["booked"] == 1
    assert [one["id"] for one in paid["passed_over"]] == ["shopify:450789469:466157051"]
    estimated = earned(engine)
    assert estimated == (0, 1_710)

    assert to_shopify(client, "orders/fulfilled", order())["booked"] == 1
    assert earned(engine) == (1_710, 0)

    assert to_shopify(client, "refunds/create", refund("95.00"))["booked"] == 1
    assert earned(engine) == (855, 0)


def test_the_same_again_changes_nothing(client: Client, engine: Engine) -> None:
    for _ in range(3):
        to_shopify(client, "orders/paid", order())
        to_shopify(client, "refunds/create", refund("95.00"))
        to_woo(client, woo("processing", "-20.90"))
    shopify_and_woo = 855 + 1_710 - 171

    assert earned(engine) == (0, shopify_and_woo)


def test_a_refund_of_a_whole_order_takes_each_lines_part(client: Client, engine: Engine) -> None:
    assert to_woo(client, woo("completed"))["booked"] == 1
    assert earned(engine) == (1_710, 0)

    assert to_woo(client, woo("completed", "-209.00"))["booked"] == 2
    assert earned(engine) == (0, 0)


def test_a_greeting_needs_no_signature_and_does_nothing(client: Client, engine: Engine) -> None:
    greeted = client.post("/v1/hooks/woocommerce", content=b"webhook_id=12")

    assert (greeted.status_code, earned(engine)) == (200, (0, 0))
    assert client.post("/v1/hooks/woocommerce", content=b"webhook_id=12&a=b").status_code == 401
    assert client.post("/v1/hooks/shopify", content=b"webhook_id=12").status_code == 401


@pytest.mark.parametrize("amount", ["x", "1e400", "NaN", "1.999", "9" * 50, "-5"])
def test_a_bad_amount_is_a_clear_answer(client: Client, engine: Engine, amount: str) -> None:
    line = {"id": 1, "product_id": 632910392, "quantity": 1, "price": amount}
    body = json.dumps(order(line_items=[line])).encode()
    headers = {"X-Shopify-Topic": "orders/paid", "X-Shopify-Hmac-Sha256": signed(body)}

    response = client.post("/v1/hooks/shopify", content=body, headers=headers)

    assert response.status_code in (200, 422)
    assert earned(engine) == (0, 0)


def test_sales_need_a_database(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no database"):
        client_of(tmp_path, hooks)


def test_amounts_are_read_in_the_currencys_own_units() -> None:
    from kouling.server.hooks.amounts import money_of

    assert money_of("199.00", "cny") == Money(19_900, "CNY")
    assert money_of("500", "JPY") == Money(500, "JPY")
    assert money_of("-1.5", "KWD") == Money(-1_500, "KWD")
