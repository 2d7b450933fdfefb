"""Whom to push an item to."""

import pytest

from kouling import Engine
from kouling.errors import InvalidInput, NotFound
from kouling.ids import ItemId, UserId
from tests.deliver.feed import likes, video

everyone = [f"fan-{n}" for n in range(6)]


def test_whom_to_push_an_item_to(engine: Engine, videos: list[str]) -> None:
    for user in ("fan-0", "fan-1", "fan-2"):
        likes(engine, user, "v1", "v2")
    likes(engine, "fan-3", "v8")
    new = video(engine, "new", "creator-1")

    by_creator = {one.user for one in engine.deliver.reach(new)}
    likes(engine, "fan-0", new)
    by_likers = {one.user for one in engine.deliver.reach(new)}

    assert by_creator >= {"fan-0", "fan-1", "fan-2"} or by_creator == set()
    assert by_likers == {"fan-1", "fan-2"}


def test_an_item_is_not_pushed_to_whom_its_author_is_blocked_with(
    engine: Engine, videos: list[str]
) -> None:
    for user in everyone:
        likes(engine, user, "v1", "v2")
    engine.deliver.unlike(UserId("fan-0"), ItemId("v2"))
    engine.deliver.unlike(UserId("fan-1"), ItemId("v2"))
    assert {one.user for one in engine.deliver.reach(ItemId("v2"))} == {"fan-0", "fan-1"}
    engine.people.block(UserId("fan-0"), UserId("creator-2"))
    assert [one.user for one in engine.deliver.reach(ItemId("v2"), 1)] == ["fan-1"]
    engine.people.block(UserId("creator-2"), UserId("fan-1"))

    assert engine.deliver.reach(ItemId("v2")) == ()


def test_an_item_reaches_nobody_while_nothing_is_known_of_it(
    engine: Engine, videos: list[str]
) -> None:
    assert engine.deliver.reach(ItemId("v1")) == ()
    with pytest.raises(NotFound):
        engine.deliver.reach(ItemId("nothing"))
    with pytest.raises(InvalidInput):
        engine.deliver.reach(ItemId("v1"), 0)
