from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kouling import Engine, bundled_policy
from kouling.clock import ManualClock
from kouling.deliver.table import timeline
from kouling.gate import Item, Subject, SubjectKind, Surface
from kouling.ids import GroupId, ItemId, UserId
from tests.samples import foreign_text

surfaces = (Surface.moments, Surface.group)
worlds = count(1)


class Posted(NamedTuple):
    """One item of a world: users and groups go by number, the viewer is 0."""

    author: int
    surface: Surface
    group: int
    audience: frozenset[int] | None
    limited: bool
    later: int


class World(NamedTuple):
    """Whom a viewer knows, who is banned or blocked, and what was posted, oldest first."""

    friends: frozenset[int]
    groups: frozenset[int]
    banned: frozenset[int]
    blocked: frozenset[int]
    posted: list[Posted]


def some_world(random: Random) -> World:
    """A world of seven others and six groups, in which one of them may post the most."""

    def some(count: int, most: int) -> frozenset[int]:
        return frozenset(random.sample(range(1, count + 1), random.randint(0, most)))

    busiest, part = random.randint(0, 7), random.choice((0, 0.5, 0.8))
    return World(
        friends=some(7, 7),
        groups=some(6, 6),
        banned=some(7, 1),
        blocked=some(7, 7),
        posted=[
            Posted(
                author=busiest if random.random() < part else random.randint(0, 7),
                surface=random.choice(surfaces),
                group=1 + busiest % 6 if random.random() < part else random.randint(1, 6),
                audience=None if random.random() < 0.7 else some(3, 3) | {random.randint(0, 3)},
                limited=random.random() < 0.1,
                later=random.choice((0, 0, 1)),
            )
            for _ in range(random.randint(0, 60))
        ],
    )


@pytest.fixture
def shop(engine: Engine) -> Engine:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    return engine


ways = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 8)), min_size=2, max_size=2)
"""Ways to read a world, which takes longer to make than to read: page sizes and few sources."""


@settings(max_examples=18)
@given(random=st.randoms(use_true_random=True), ways=ways)
def test_pages_are_what_a_walk_through_all_items_finds(
    shop: Engine, clock: ManualClock, random: Random, ways: list[tuple[int, int]]
) -> None:
    """Whether sources are looked up or the newest items of all are looked through."""
    name = f"{next(worlds):04}"
    world = some_world(random)
    items = live(shop, clock, world, name)
    for size, few in ways:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(timeline, "few_sources", few)
            patch.setattr(timeline, "walked_per_source", 1 + few % 3)
            for surface in surfaces:
                assert list(pages(shop, f"{name} 0", surface, size)) == walk(items, world, surface)


def live(engine: Engine, clock: ManualClock, world: World, name: str) -> list[tuple[str, Posted]]:
    """Let a world happen, and return its items, newest first."""
    for user in world.friends:
        engine.people.befriend(UserId(f"{name} 0"), UserId(f"{name} {user}"))
    for group in world.groups:
        engine.people.join(UserId(f"{name} 0"), GroupId(f"{name} {group}"))
    for user in world.blocked:
        engine.people.block(UserId(f"{name} 0"), UserId(f"{name} {user}"))
    found = []
    for number, post in enumerate(world.posted):
        clock.advance(seconds=post.later)
        id = f"{name} {number * 7 % 61:02}"  # ids don't come in order
        engine.gate(item_of(id, name, post))
        found.append((clock(), id, post))
    for user in world.banned:
        engine.gate.ban(Subject(SubjectKind.user, f"{name} {user}"), "fraud")
    return [(id, post) for _, id, post in sorted(found, reverse=True)]


def item_of(id: str, name: str, post: Posted) -> Item:
    in_group = post.surface == Surface.group
    audience = None if in_group or post.audience is None else post.audience
    return Item(
        id=ItemId(id),
        author=UserId(f"{name} {post.author}"),
        surface=post.surface,
        text=foreign_text if post.limited else "a fine day",
        group=GroupId(f"{name} {post.group}") if in_group else None,
        audience=None if audience is None else tuple(UserId(f"{name} {u}") for u in audience),
    )


def walk(items: list[tuple[str, Posted]], world: World, surface: Surface) -> list[str]:
    return [id for id, post in items if post.surface == surface and is_seen(post, world)]


def is_seen(post: Posted, world: World) -> bool:
    """Whether the viewer sees an item; limits reach moments alone, blocks neither surface."""
    if post.author == 0:
        return True
    if post.author in world.banned:
        return False
    if post.surface == Surface.group:
        return post.group in world.groups
    addressed = post.audience is None or 0 in post.audience
    return post.author in world.friends and addressed and not post.limited


def pages(engine: Engine, viewer: str, surface: Surface, size: int) -> Iterator[str]:
    cursor, more = None, True
    while more:
        page = engine.deliver(UserId(viewer), surface, size=size, cursor=cursor)
        assert len(page.places) == size or page.cursor is None
        yield from (place.item.id for place in page.places)
        cursor = page.cursor
        more = cursor is not None


@pytest.fixture
def steps(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What SQLite does for each query of a page, by a viewer with three friends and groups."""
    monkeypatch.setattr(timeline, "few_sources", 3)
    for number in range(3):
        sqlite_engine.people.befriend(UserId("viewer"), UserId(f"friend {number}"))
        sqlite_engine.people.join(UserId("viewer"), GroupId(f"group {number}"))
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: object, *___: object) -> None:
        asked.append((statement, values))

    def explain(surface: Surface) -> list[str]:
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        sqlite_engine.deliver(UserId("viewer"), surface)
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        with sqlite_engine._runtime.store.read() as connection:
            return [
                row[3]
                for statement, values in asked
                if statement.startswith("SELECT")
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]

    return explain


@pytest.mark.parametrize(
    ("surface", "index"),
    [
        (Surface.moments, "ix_item_author_surface_posted_at_id (author=? AND surface=? AND posted"),
        (Surface.group, "ix_item_group_posted_at_id (group=? AND posted"),
    ],
)
def test_what_strangers_posted_is_not_looked_through_unless_sources_are_many(
    steps: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, surface: Surface, index: str
) -> None:
    few = steps(surface)
    assert any(index in step for step in few)
    assert not [step for step in few if "ix_item_surface" in step or step.startswith("SCAN item")]
    monkeypatch.setattr(timeline, "few_sources", 2)
    walked = [step for step in steps(surface) if "ix_item_surface" in step]
    assert walked
    assert all("posted_at<" in step for step in walked)
