"""The places that a session of the interest feed was given."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, cycle

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kouling import Engine
from kouling.clock import ManualClock
from kouling.deliver.feed.draft import trial_place
from kouling.deliver.table.feed import favourites
from kouling.deliver.table.schema import feed_place_table
from kouling.errors import InvalidInput
from kouling.gate import Subject, SubjectKind
from kouling.ids import ItemId, UserId
from tests.conftest import noon
from tests.deliver.feed import feed, likes, video


def test_an_item_hidden_after_it_was_given_is_gone_when_its_page_is_asked_for_again(
    engine: Engine, videos: list[str]
) -> None:
    cursor = engine.deliver(UserId("viewer"), "interest", size=2).cursor
    before = feed(engine, "viewer", size=2, cursor=cursor)
    engine.gate.ban(Subject(SubjectKind.user, f"creator-{before[0][1:]}"), "spam")

    assert feed(engine, "viewer", size=2, cursor=cursor) == before[1:]


def test_a_session_neither_repeats_nor_skips_while_likes_and_items_come(
    engine: Engine, videos: list[str]
) -> None:
    likes(engine, "viewer", "v0")
    shown: list[str] = []
    cursor, number = None, 0
    while True:
        page = engine.deliver(UserId("viewer"), "interest", size=3, cursor=cursor)
        shown += [place.item.id for place in page.places]
        likes(engine, f"fan-{number}", "v0", f"v{(number * 5) % 11 + 1}")
        number, cursor = number + 1, page.cursor
        if cursor is None:
            break

    assert sorted(shown) == sorted(set(videos) - {"v0"})


def test_the_same_cursor_gives_the_same_page(engine: Engine, videos: list[str]) -> None:
    cursor = engine.deliver(UserId("viewer"), "interest", size=4).cursor
    pages = [engine.deliver(UserId("viewer"), "interest", size=4, cursor=cursor)]
    likes(engine, "fan-0", "v1", "v2")
    pages.append(engine.deliver(UserId("viewer"), "interest", size=4, cursor=cursor))

    assert pages[0] == pages[1]


def test_a_cursor_is_its_viewers_alone(engine: Engine, videos: list[str]) -> None:
    cursor = engine.deliver(UserId("viewer"), "interest", size=4).cursor

    with pytest.raises(InvalidInput, match="another page"):
        engine.deliver(UserId("somebody else"), "interest", size=4, cursor=cursor)


creators = 6


happenings = st.lists(
    st.tuples(
        st.sampled_from(["page", "page", "page", "like", "post", "ban", "lift", "block"]),
        st.integers(0, creators - 1),
    ),
    max_size=14,
)


class Town:
    """Creators who post and are banned for a while, and what a viewer may see at last."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.numbers = engine, count()
        self.creator_of: dict[str, int] = {}
        self.banned: set[int] = set()
        for n in range(2 * creators):
            self.post(n % creators)

    def post(self, creator: int) -> None:
        """Let a creator post one more item."""
        id = video(self.engine, f"v{next(self.numbers)}", f"creator-{creator}")
        self.creator_of[id] = creator

    def ban(self, creator: int) -> None:
        """Ban a creator, if it is not."""
        if creator not in self.banned:
            self.engine.gate.ban(Subject(SubjectKind.user, f"creator-{creator}"), "spam")
            self.banned.add(creator)

    def lift(self, creator: int) -> None:
        """Let a creator in again, if it is banned."""
        if creator in self.banned:
            self.engine.gate.lift(Subject(SubjectKind.user, f"creator-{creator}"))
            self.banned.remove(creator)

    def like(self, creator: int) -> None:
        """Let somebody like the first item that the viewer likes, and one of a creator's."""
        if not {0, creator} & self.banned:
            likes(self.engine, f"fan-{next(self.numbers)}", "v0", f"v{creator}")

    def page(
        self, viewer: str, size: int, cursor: str | None = None
    ) -> tuple[list[str], str | None]:
        """Return the items of a viewer's page, and the cursor that leads on."""
        page = self.engine.deliver(UserId(viewer), "interest", size=size, cursor=cursor)
        assert all(place.reason for place in page.places)
        return [place.item.id for place in page.places], page.cursor

    def walk(self, viewer: str, sizes: Iterable[int], cursor: str | None) -> list[str]:
        """Return the items from a cursor to the end of its session."""
        shown: list[str] = []
        for size in sizes:
            if cursor is None:
                break
            items, cursor = self.page(viewer, size, cursor)
            shown += items
        return shown


def test_a_cursor_is_good_for_seven_days(engine: Engine, clock: ManualClock) -> None:
    town = Town(engine)
    _, begun = town.page("viewer", 3)
    clock.advance(days=4)
    second, ended = town.page("viewer", 3, begun)
    clock.advance(days=3)
    assert town.page("viewer", 3, begun) == (second, ended)
    clock.advance(seconds=1)

    with pytest.raises(InvalidInput, match=r"kept for 7 days.*begin without a cursor"):
        town.page("viewer", 3, begun)
    third, _ = town.page("viewer", 3, ended)  # it is of a page four days later
    assert len(third) == 3
    assert not {*third} & {*second}


def test_places_are_forgotten_when_no_cursor_leads_to_them(
    engine: Engine, clock: ManualClock
) -> None:
    town = Town(engine)
    _, begun = town.page("viewer", 3)
    clock.advance(days=3)
    town.page("viewer", 3, begun)

    def kept() -> list[int]:
        query = sa.select(feed_place_table.c.number).order_by(feed_place_table.c.number)
        with engine._runtime.store.read() as connection:
            return list(connection.scalars(query.where(feed_place_table.c.session == session)))

    with engine._runtime.store.read() as connection:
        session = connection.scalar(sa.select(feed_place_table.c.session))
    clock.advance(days=4)
    town.page("another", 3)
    assert kept() == [0, 1, 2, 3, 4, 5]
    clock.advance(hours=2)
    town.page("one more", 3)
    assert kept() == [3, 4, 5]
    with pytest.raises(InvalidInput, match="kept for 7 days"):
        town.page("viewer", 3, begun)


def test_a_session_neither_repeats_nor_skips_whatever_happens(sqlite_engine: Engine) -> None:
    town = Town(sqlite_engine)

    @settings(max_examples=40)
    @given(happenings, st.lists(st.integers(1, 7), min_size=1, max_size=4))
    def look(happened: list[tuple[str, int]], sizes: list[int]) -> None:
        viewer, blocked = f"viewer-{next(town.numbers)}", set[int]()
        likes(sqlite_engine, viewer, "v0")
        first, begun = town.page(viewer, 3)
        shown, cursor = list(first), begun
        for what, which in happened:
            if what == "page":
                items, after = town.page(viewer, which + 1, cursor)
                shown, cursor = shown + items, after or cursor
            elif what == "block":
                sqlite_engine.people.block(UserId(viewer), UserId(f"creator-{which}"))
                blocked.add(which)
            else:
                getattr(town, what)(which)
        for which in range(creators):
            town.lift(which)
        again = town.walk(viewer, cycle(sizes), begun)  # in pages of other sizes, to the end

        assert len(shown) == len(set(shown))
        assert len([*first, *again]) == len({*first, *again})
        due = {id for id, creator in town.creator_of.items() if creator not in blocked}
        assert {*first, *shown, *again} & due == due - {"v0"}
        assert set(shown) & due <= {*first, *again}

    look()


def test_favourites_are_what_may_be_seen_liked_by_who_may_like(engine: Engine) -> None:
    """The cap comes last: neither a banned ring nor one creator keeps others from the list."""
    for number in range(3):
        for fan in ("ring1", "ring2"):
            engine.deliver.like(UserId(fan), video(engine, f"ring{number}{fan}", "ringleader"))
    for number in range(12):
        engine.deliver.like(UserId("fan"), video(engine, f"good{number:02}", "steady"))
    for fan in ("bot1", "bot2"):
        engine.deliver.like(UserId(fan), ItemId("good11"))
    engine.deliver.like(UserId("bot1"), video(engine, "bought", "buyer"))
    engine.deliver.like(UserId("fan"), video(engine, "other", "modest"))
    for banned in ("ringleader", "bot1", "bot2"):
        engine.gate.ban(Subject(SubjectKind.user, banned), "a ring")

    with engine._runtime.read() as connection:
        found = favourites(connection, noon, count=11)

    assert found == [*(f"good{number:02}" for number in range(10)), "other"]


def test_short_pages_have_their_part_of_trial_places() -> None:
    begun = [trial_place(f"{number:032x}", 3) for number in range(50)]

    assert {trial_place("00" * 16, size) for size in (4, 20)} == {3}
    assert sum(place < 3 for place in begun) == 30
