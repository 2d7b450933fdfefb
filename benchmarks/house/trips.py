"""The trips whose hops are counted: one text, one picture, one like, one page, one sale and so on.

Each is made twice before it is counted, so that the engine is warm. Verbs are called by whichever
names there are: `engine.gate.policies.activate`, or `engine.activate` before the doors.
"""

import io
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

import kouling
from benchmarks.house.hops import Hops
from kouling import (
    Conversion,
    ConversionId,
    ConversionStatus,
    Engine,
    Item,
    ItemId,
    Money,
    Offer,
    OfferId,
    Surface,
    UserId,
    bundled_policy,
)
from kouling.clock import ManualClock
from kouling.demo import card, foreign_text

seller, friend = UserId("seller"), UserId("friend")
noon = datetime(2018, 5, 29, 4, tzinfo=UTC)
warm_turns = 2
ordinary = ("今天的晚饭很好吃", "周末去爬山了，累", "楼下的桂花开了")
dress = Offer(
    id=OfferId("dress"),
    merchant=UserId("shop"),
    title="真丝连衣裙",
    url="https://shop.example/dress",
    price=Money(19_900, "CNY"),
    rate_bps=1_000,
)

Trip = Callable[[int], object]
"""Takes the number of its turn, which makes its request a new one."""


def hops_of_trips() -> dict[str, dict[str, int]]:
    """Return the hops of each trip, on a new SQLite database."""
    hops = Hops(Path(kouling.__file__).parent)
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            Engine.open(f"{folder}/shop.db", clock=ManualClock(noon), seed=29) as engine,
        ):
            return {name: _counted(hops, trip) for name, trip in _trips(engine)}
    finally:
        hops.close()


def _counted(hops: Hops, trip: Trip) -> dict[str, int]:
    for turn in range(warm_turns):
        trip(turn)
    return hops.of(lambda: trip(warm_turns))


def _trips(engine: Engine) -> Iterator[tuple[str, Trip]]:
    _verb(engine, "gate.policies.activate")(bundled_policy("moments-2018"))
    _verb(engine, "people.befriend")(seller, friend)
    code = engine.mint(dress, sharer=seller)
    like = _verb(engine, "deliver.like")
    pictures = [_photo(0), _photo(30), card()]
    for turn in range(warm_turns + 1):
        _post(engine, f"video-{turn}", surface=Surface.interest)
        _post(engine, f"own-{turn}", text=f"{ordinary[turn]}￥{code.code}￥")

    yield "one text", lambda turn: _post(engine, f"text-{turn}", text=ordinary[turn])
    yield "one text with a code", lambda turn: _post(engine, f"code-{turn}", text=foreign_text)
    yield "one picture", lambda turn: _post(engine, f"picture-{turn}", pictures=(pictures[turn],))
    yield "one like", lambda turn: like(friend, ItemId(f"video-{turn}"))
    yield "one page of moments", lambda turn: engine.deliver(friend, Surface.moments)
    yield "one redemption", lambda turn: engine.redeem(f"￥{code.code}￥", buyer=friend)
    yield "one sale paid", lambda turn: engine.settle(_sale(turn, ConversionStatus.paid))
    yield "one sale received", lambda turn: engine.settle(_sale(turn, ConversionStatus.received))


def _post(engine: Engine, name: str, **fields: Any) -> object:
    fields = {"surface": Surface.moments, **fields}
    return engine.gate(Item(id=ItemId(name), author=seller, **fields))


def _sale(turn: int, status: ConversionStatus) -> Conversion:
    order = ConversionId(f"order-{turn}")
    return Conversion(id=order, buyer=friend, offer=dress.id, amount=dress.price, status=status)


def _verb(engine: Engine, path: str) -> Callable[..., Any]:
    """Return a verb by its path through the doors, or by its last word on the engine itself."""
    *doors, name = path.split(".")
    place: Any = engine
    for door in doors:
        place = getattr(place, door, None)
    verb: Callable[..., Any] = getattr(place, name, None) or getattr(engine, name)
    return verb


def _photo(turn: float) -> bytes:
    """Return a picture with nothing on it to read."""
    file = io.BytesIO()
    Image.radial_gradient("L").rotate(turn).resize((720, 480)).convert("RGB").save(file, "JPEG")
    return file.getvalue()
