"""A market of three dresses and a lamp, and what is paid for in it: used by several tests."""

from __future__ import annotations

from kouling import Engine, Money
from kouling.deliver import Placement
from kouling.ids import ItemId, UserId
from tests.samples import item

viewer = UserId("viewer")


def open_stalls(engine: Engine) -> Engine:
    """Gate items of the market."""
    for id, text in (
        ("silk", "真丝连衣裙 夏季新款"),
        ("cotton", "纯棉连衣裙"),
        ("skirt", "短裙 100% cotton"),
        ("lamp", "Reading lamp, 台燈"),
    ):
        engine.gate(item(id, text, surface="market", author=UserId(f"seller of {id}")))
    return engine


def found(engine: Engine, query: str = "", **options: object) -> list[str]:
    """The ids on a page of the market."""
    page = engine.deliver(viewer, "market", query=query, **options)  # type: ignore[arg-type]  # any option
    return [place.item.id for place in page.places]


def placed(id: str, what: str, bid: int, budget: int = 10**6, by: str = "") -> Placement:
    """A placement that can be put up."""
    return Placement(
        id=id,
        advertiser=UserId(by or f"payer of {id}"),
        item=ItemId(what),
        bid=Money(bid, "CNY"),
        daily_budget=Money(budget, "CNY"),
    )
