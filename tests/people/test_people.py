"""Who knows whom."""

import pytest

from kouling import Engine
from kouling.errors import InvalidInput
from kouling.ids import GroupId, ItemId, UserId
from tests.samples import item, seller


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
