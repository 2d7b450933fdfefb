"""A small town of users with tastes, and what its feed shows: used by several tests."""

from __future__ import annotations

from collections.abc import Iterator

from kouling import Engine, Item, Surface
from kouling.ids import ItemId, UserId
from kouling.words import place_reason_of


def video(engine: Engine, id: str, author: str = "creator") -> ItemId:
    """Gate an item of the interest feed."""
    surface = Surface.interest
    engine.gate(Item(id=ItemId(id), author=UserId(author), surface=surface, text=f"video {id}"))
    return ItemId(id)


def likes(engine: Engine, user: str, *items: str) -> None:
    """Let a user like items."""
    for item in items:
        engine.deliver.like(UserId(user), ItemId(item))


def feed(engine: Engine, viewer: str, **options: object) -> list[str]:
    """The ids on a page of the viewer's feed."""
    page = engine.deliver(UserId(viewer), "interest", **options)  # type: ignore[arg-type]  # any option
    return [place.item.id for place in page.places]


def reasons(engine: Engine, viewer: str, **options: object) -> dict[str, str]:
    """Why each item is on a page of the viewer's feed."""
    page = engine.deliver(UserId(viewer), "interest", **options)  # type: ignore[arg-type]  # any option
    return {place.item.id: place_reason_of(place.reason) for place in page.places}


def crowd(engine: Engine, count: int, size: int = 1) -> Iterator[str]:
    """Let so many viewers look at their feeds."""
    for number in range(count):
        feed(engine, f"viewer-{number}", size=size)
        yield f"viewer-{number}"
