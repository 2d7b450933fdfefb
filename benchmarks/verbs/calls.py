"""Verbs of an engine, each as a function of a number that makes its request a new one."""

from collections.abc import Callable

from kouling import Conversion, ConversionId, Engine, Item, ItemId, Money, Offer, OfferId, Surface
from kouling.ids import UserId

seller = UserId("seller")
dress = Offer(
    id=OfferId("dress"),
    merchant=UserId("shop"),
    title="真丝连衣裙",
    url="https://shop.example/dress",
    price=Money(19_900, "CNY"),
    rate_bps=1_000,
)

Verb = Callable[[int], object]


def verbs_of(engine: Engine) -> dict[str, Verb]:
    """Return the verbs, each as a function of a number that makes its request a new one."""
    code = engine.mint(dress, sharer=seller).code
    for number in range(20):
        shown = Item(id=ItemId(f"shown-{number}"), author=seller, surface=Surface.interest)
        engine.gate(shown)

    def gate(number: int) -> object:
        text = f"今天的晚饭很好吃 {number}，明天还来"
        item = Item(id=ItemId(f"{number}"), author=seller, surface=Surface.moments, text=text)
        return engine.gate(item)

    def settle(number: int) -> object:
        order = ConversionId(f"{number}")
        buyer = UserId(f"buyer-{number}")
        return engine.settle(Conversion(id=order, buyer=buyer, offer=dress.id, amount=dress.price))

    return {
        "mint": lambda number: engine.mint(dress, sharer=UserId(f"sharer-{number}")),
        "gate": gate,
        "deliver": lambda number: engine.deliver(UserId(f"viewer-{number}"), Surface.interest),
        "redeem": lambda number: engine.redeem(f"￥{code}￥", buyer=UserId(f"buyer-{number}")),
        "settle": settle,
    }


def verified_entries(engine: Engine) -> int:
    """Check the whole ledger and return its entries, whichever name this kouling has for it."""
    older = getattr(engine, "check_ledger", None) or engine.settle.ledger.verify
    found = older()
    return found if isinstance(found, int) else found.entries
