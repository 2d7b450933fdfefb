"""Who knows whom."""

import pytest

from kouling import Engine
from kouling.errors import InvalidInput, NotFound
from kouling.ids import GroupId, ItemId, UserId
from tests.samples import friend, item, seller


@pytest.mark.parametrize("verb", ["befriend", "follow", "block"])
def test_nobody_is_related_to_itself(sqlite_engine: Engine, verb: str) -> None:
    with pytest.raises(InvalidInput, match="itself"):
        getattr(sqlite_engine.people, verb)(seller, seller)


def test_a_user_a_group_and_an_item_may_have_one_name(engine: Engine) -> None:
    engine.people.join(UserId("7"), GroupId("7"))
    engine.people.join(UserId("8"), GroupId("7"))
    engine.gate(item("7", surface="group", group=GroupId("7"), author=UserId("8")))

    engine.deliver.like(UserId("7"), ItemId("7"))
    engine.deliver.unlike(UserId("7"), ItemId("7"))

    (place,) = engine.deliver(UserId("7"), "group").places
    assert place.item.id == "7"


def test_what_is_undone_may_be_done_again(engine: Engine) -> None:
    """And takes effect at once, both ways: a friend's moments, a group's messages, a feed."""
    group = GroupId("neighbours")
    engine.people.join(seller, group)
    engine.gate(item("m"))
    engine.gate(item("g", surface="group", group=group))

    def sees(surface: str) -> bool:
        return bool(engine.deliver(friend, surface).places)

    for _ in range(2):
        engine.people.befriend(seller, friend)
        engine.people.join(friend, group)
        engine.people.follow(friend, seller)
        assert sees("moments")
        assert sees("group")
        engine.people.unfriend(friend, seller)
        engine.people.leave(friend, group)
        engine.people.unfollow(friend, seller)
        assert not sees("moments")
        assert not sees("group")


@pytest.mark.parametrize(
    ("verb", "other", "message"),
    [
        ("unfriend", "friend", "is no friend of"),
        ("unfollow", "friend", "doesn't follow"),
        ("leave", "neighbours", "is not in"),
        ("unblock", "friend", "doesn't block"),
    ],
)
def test_what_is_not_there_can_not_be_undone(
    sqlite_engine: Engine, verb: str, other: str, message: str
) -> None:
    with pytest.raises(NotFound, match=message):
        getattr(sqlite_engine.people, verb)(seller, other)
