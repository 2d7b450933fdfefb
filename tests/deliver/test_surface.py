"""Who sees what on which surface."""

import pytest

from kouling import Engine
from kouling.errors import NotFound
from kouling.ids import UserId
from kouling.words import place_reason_of
from tests.samples import foreign_text, friend, item, neighbours, seller, stranger


def seen(engine: Engine, viewer: UserId, surface: str, **options: object) -> list[str]:
    page = engine.deliver(viewer, surface, **options)  # type: ignore[arg-type]  # any option
    return [place.item.id for place in page.places]


def test_moments_are_seen_by_friends_and_their_author(town: Engine) -> None:
    town.gate(item("1"))

    assert [seen(town, viewer, "moments") for viewer in (seller, friend, stranger)] == [
        ["1"],
        ["1"],
        [],
    ]


def test_an_audience_narrows_moments(town: Engine) -> None:
    town.people.befriend(seller, stranger)
    town.gate(item("1", audience=(stranger,)))
    town.gate(item("2", audience=()))

    assert seen(town, friend, "moments") == []
    assert seen(town, stranger, "moments") == ["1"]
    assert seen(town, seller, "moments") == ["2", "1"]


def test_a_direct_message_is_seen_by_its_two_ends(town: Engine) -> None:
    town.gate(item("1", surface="direct", to=friend))

    assert [seen(town, viewer, "direct") for viewer in (seller, friend, stranger)] == [
        ["1"],
        ["1"],
        [],
    ]


def test_a_group_message_is_seen_by_members(town: Engine) -> None:
    town.gate(item("1", surface="group", group=neighbours))

    assert seen(town, friend, "group") == ["1"]
    assert seen(town, stranger, "group") == []


@pytest.mark.parametrize("surface", ["interest", "market"])
def test_public_surfaces_are_seen_by_all(town: Engine, surface: str) -> None:
    town.gate(item("1", surface=surface))

    assert seen(town, stranger, surface) == ["1"]


def test_a_limited_item_is_its_authors_alone_whoever_was_addressed(town: Engine) -> None:
    town.gate(item("1", foreign_text, audience=(friend,)))

    assert seen(town, seller, "moments") == ["1"]
    assert seen(town, friend, "moments") == []


def test_comments_are_seen_by_those_who_see_what_they_stand_under(town: Engine) -> None:
    town.gate(item("photo"))
    town.gate(item("1", foreign_text, surface="comment", under="photo"))

    assert seen(town, friend, "comment", under="photo") == ["1"]
    with pytest.raises(NotFound):
        seen(town, stranger, "comment", under="photo")


def test_comments_under_a_limited_item_are_not_shown(town: Engine) -> None:
    town.gate(item("post", foreign_text))
    town.gate(item("1", surface="comment", under="post"))

    assert seen(town, seller, "comment", under="post") == ["1"]
    with pytest.raises(NotFound):
        seen(town, friend, "comment", under="post")


def test_a_page_shows_the_item_as_it_was_posted_with_a_reason(town: Engine) -> None:
    town.gate(
        item("1", "看照片", pictures=(b"first", b"second"), surface="group", group=neighbours)
    )

    (place,) = town.deliver(friend, "group").places

    assert place.item.text == "看照片"
    assert place.item.pictures == (b"first", b"second")
    assert place_reason_of(place.reason) == "in your group neighbours"
