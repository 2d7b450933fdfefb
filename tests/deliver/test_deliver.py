from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine, bundled_policy
from kouling.clock import ManualClock
from kouling.errors import InvalidInput, NotFound
from kouling.gate import Surface
from kouling.ids import GroupId, ItemId, UserId
from kouling.words import place_reason_of
from tests.samples import foreign_text, friend, item, seller, stranger

neighbours = GroupId("neighbours")


def seen(engine: Engine, viewer: UserId, surface: str, **options: object) -> list[str]:
    page = engine.deliver(viewer, surface, **options)  # type: ignore[arg-type]  # any option
    return [place.item.id for place in page.places]


@pytest.fixture
def town(engine: Engine) -> Engine:
    """Seller and friend are friends and neighbours; the stranger is neither."""
    engine.people.befriend(seller, friend)
    engine.people.join(seller, neighbours)
    engine.people.join(friend, neighbours)
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    return engine


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


@pytest.mark.parametrize(
    ("surface", "index"),
    [(Surface.comment, "ix_item_under_posted_at_id"), (Surface.direct, "ix_item_to")],
)
def test_what_few_see_is_not_looked_for_among_all_of_its_surface(
    town: Engine, target: str, surface: Surface, index: str
) -> None:
    if target.startswith("postgresql"):
        pytest.skip("PostgreSQL chooses by what it counted")
    asked: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, values: object, *___: object) -> None:
        asked.append((statement, values))

    town.gate(item("post", surface="moments"))
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        town.deliver(friend, surface, under=ItemId("post") if surface == "comment" else None)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    statement, values = next(one for one in asked if "ORDER BY item.posted_at" in one[0])
    with town._runtime.store.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]  # as they were bound
        steps = " ".join(row[3] for row in plan)
    assert index in steps
    assert "ix_item_surface" not in steps


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


def test_pages_neither_repeat_nor_skip_while_new_items_arrive(
    town: Engine, clock: ManualClock
) -> None:
    for number in range(7):
        clock.advance(seconds=number % 2)  # two items share each moment
        town.gate(item(f"{number}"))

    def pages() -> Iterator[list[str]]:
        cursor = None
        while True:
            page = town.deliver(friend, "moments", size=3, cursor=cursor)
            yield [place.item.id for place in page.places]
            town.gate(item(f"late after {page.places[-1].item.id}"))
            cursor = page.cursor
            if cursor is None:
                return

    assert [id for page in pages() for id in page] == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_cursor_belongs_to_one_viewer_and_surface(town: Engine) -> None:
    for number in range(3):
        town.gate(item(str(number)))
    cursor = town.deliver(friend, "moments", size=1).cursor

    with pytest.raises(InvalidInput, match="another page"):
        town.deliver(seller, "moments", cursor=cursor)
    with pytest.raises(InvalidInput, match="another page"):
        town.deliver(friend, "interest", cursor=cursor)


@given(st.text(max_size=50))
def test_a_made_up_cursor_is_refused(sqlite_engine: Engine, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor"):
        sqlite_engine.deliver(friend, "moments", cursor=cursor)


@pytest.mark.parametrize(
    ("surface", "options"),
    [
        ("feed", {}),
        (Surface.outbound_link, {}),
        ("moments", {"size": 0}),
        ("moments", {"size": 101}),
        ("moments", {"size": 1.5}),
        ("moments", {"size": "5"}),
        ("moments", {"cursor": 5}),
        ("market", {"query": 5}),
        ("market", {"labels": "dress"}),
        ("market", {"labels": [5]}),
        ("market", {"labels": [["dress"]]}),
        ("moments", {"under": "1"}),
        ("comment", {}),
    ],
)
def test_a_page_that_can_not_be_is_refused(
    sqlite_engine: Engine, surface: str, options: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        seen(sqlite_engine, friend, surface, **options)


def test_a_like_counts_once_and_only_for_what_the_user_can_see(town: Engine) -> None:
    town.gate(item("1"))
    town.deliver.like(friend, ItemId("1"))
    town.deliver.like(friend, ItemId("1"))

    assert dict(likes(town)) == {"likes": 1}
    with pytest.raises(NotFound):
        town.deliver.like(stranger, ItemId("1"))


def likes(engine: Engine) -> Iterator[tuple[str, object]]:
    table = engine.insight("funnel", engine._runtime.clock().date())
    yield from ((str(row[0]), row[1]) for row in table.rows if row[0] == "likes")


def test_an_impression_is_of_anothers_item_and_counted_once(town: Engine) -> None:
    town.gate(item("1"))
    for viewer in (seller, friend, friend):
        town.deliver(viewer, "moments")

    table = town.insight("funnel", town._runtime.clock().date())
    assert dict(zip(table.column("stage"), table.column("count"), strict=True))["impressions"] == 1


def test_nobody_befriends_itself(town: Engine) -> None:
    with pytest.raises(InvalidInput, match="itself"):
        town.people.befriend(seller, seller)
