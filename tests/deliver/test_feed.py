from collections import Counter
from datetime import timedelta

import pytest

from kouling import Engine, bundled_policy
from kouling.clock import ManualClock
from kouling.deliver import PastLike
from kouling.errors import InvalidInput, KoulingError, NotFound
from kouling.gate import Subject, SubjectKind
from kouling.ids import ItemId, UserId
from tests.deliver.feed import feed, likes, reasons, video
from tests.samples import foreign_text, item

everyone = [f"fan-{n}" for n in range(6)]


@pytest.fixture
def videos(engine: Engine) -> list[str]:
    """Twelve videos of as many creators."""
    return [video(engine, f"v{n}", f"creator-{n}") for n in range(12)]


def test_a_like_acts_on_the_next_page(engine: Engine, videos: list[str]) -> None:
    likes(engine, "fan-0", "v1", "v2")
    likes(engine, "viewer", "v1")

    assert reasons(engine, "viewer", size=1) == {"v2": "because you liked v1"}


def test_a_new_item_is_recommended_from_its_first_like(engine: Engine, videos: list[str]) -> None:
    likes(engine, "fan-0", "v1")
    likes(engine, "viewer", "v1")
    feed(engine, "viewer", size=3)  # the state is loaded before the new item comes
    new = video(engine, "new", "newcomer")
    likes(engine, "fan-0", new)

    assert reasons(engine, "viewer", size=1) == {"new": "because you liked v1"}


def test_an_unlike_takes_back_what_the_like_did(engine: Engine, videos: list[str]) -> None:
    likes(engine, "fan-0", "v1", "v2")
    likes(engine, "viewer", "v1")
    engine.deliver.unlike(UserId("fan-0"), ItemId("v2"))

    assert "because you liked v1" not in reasons(engine, "viewer").values()


def test_like_unlike_and_like_again_is_one_like(engine: Engine, videos: list[str]) -> None:
    for _ in range(2):
        likes(engine, "fan-0", "v1", "v1")
        for _ in range(2):
            engine.deliver.unlike(UserId("fan-0"), ItemId("v1"))
    likes(engine, "fan-0", "v1")

    table = engine.insight("loyalty", engine._runtime.clock().date())
    assert dict(zip(table.column("creator"), table.column("likes"), strict=True)) == {
        "creator-1": 1
    }


def test_an_unlike_without_a_like_is_an_error(engine: Engine, videos: list[str]) -> None:
    with pytest.raises(NotFound, match="never liked"):
        engine.deliver.unlike(UserId("fan-0"), ItemId("v1"))


def test_a_like_of_nothing_is_an_error_and_the_feed_goes_on(
    engine: Engine, videos: list[str]
) -> None:
    with pytest.raises(NotFound):
        likes(engine, "fan-0", "nothing")
    with pytest.raises(InvalidInput):
        likes(engine, "", "v1")

    assert feed(engine, "fan-0")


@pytest.mark.parametrize("id", ["\ud800", "a\0b", "x" * 100_000, ""])
def test_an_id_that_can_not_be_is_an_error_wherever_it_is_asked_for(
    engine: Engine, videos: list[str], id: str
) -> None:
    for ask in (
        lambda: engine.deliver.like(UserId("ann"), ItemId(id)),
        lambda: engine.deliver.unlike(UserId("ann"), ItemId(id)),
        lambda: engine.deliver.reach(ItemId(id)),
        lambda: engine.deliver.trial(ItemId(id)),
        lambda: engine.deliver.label(ItemId(id), ["a"]),
        lambda: engine.deliver.placements.stop(id),
        lambda: engine.deliver.import_likes([PastLike(user=UserId(id), item=ItemId("a"))]),
        lambda: engine.deliver(UserId(id), "interest"),
    ):
        with pytest.raises(KoulingError):
            ask()
    assert feed(engine, "ann")


def test_likes_are_there_after_the_engine_is_opened_again(target: str, clock: ManualClock) -> None:
    with Engine.open(target, clock=clock) as engine:
        for name in ("a", "b", "c"):
            video(engine, name, f"creator of {name}")
        likes(engine, "fan-0", "a", "b", "c")
        engine.deliver.unlike(UserId("fan-0"), ItemId("c"))
        likes(engine, "viewer", "a")
    with Engine.open(target, clock=clock) as engine:
        assert reasons(engine, "viewer", size=1) == {"b": "because you liked a"}


def test_two_engines_over_one_database_see_each_others_likes(
    engine: Engine, target: str, clock: ManualClock, videos: list[str]
) -> None:
    likes(engine, "viewer", "v1")
    feed(engine, "viewer", size=1)
    with Engine.open(target, clock=clock) as other:
        likes(other, "fan-0", "v1", "v7")

    assert reasons(engine, "viewer", size=1) == {"v7": "because you liked v1"}


def test_a_page_leaves_out_seen_liked_and_own_items(engine: Engine, videos: list[str]) -> None:
    likes(engine, "creator-0", "v1")
    first = feed(engine, "creator-0", size=5)
    second = feed(engine, "creator-0", size=20)

    assert len(first) == 5
    assert set(first).isdisjoint(second)
    assert {*first, *second} == set(videos) - {"v0", "v1"}


def test_a_page_leaves_out_what_the_gate_limits(engine: Engine) -> None:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    video(engine, "fine")
    engine.gate(item("limited", foreign_text, surface="interest"))

    assert feed(engine, "viewer") == ["fine"]


def test_a_ban_and_its_lifting_act_on_old_items_at_once(engine: Engine, videos: list[str]) -> None:
    creator = Subject(SubjectKind.user, "creator-3")
    engine.gate.ban(creator, "spam")
    assert "v3" not in feed(engine, "viewer", size=20)
    engine.gate.lift(creator)
    assert feed(engine, "viewer", size=20) == ["v3"]


def test_an_item_hidden_after_it_was_given_is_gone_when_its_page_is_asked_for_again(
    engine: Engine, videos: list[str]
) -> None:
    cursor = engine.deliver(UserId("viewer"), "interest", size=2).cursor
    before = feed(engine, "viewer", size=2, cursor=cursor)
    engine.gate.ban(Subject(SubjectKind.user, f"creator-{before[0][1:]}"), "spam")

    assert feed(engine, "viewer", size=2, cursor=cursor) == before[1:]


@pytest.mark.parametrize("ends", [("viewer", "creator-3"), ("creator-3", "viewer")])
def test_a_block_works_both_ways_and_can_be_taken_back(
    engine: Engine, videos: list[str], ends: tuple[str, str]
) -> None:
    engine.people.block(UserId(ends[0]), UserId(ends[1]))
    assert "v3" not in feed(engine, "viewer", size=20)
    engine.people.unblock(UserId(ends[0]), UserId(ends[1]))
    assert feed(engine, "viewer", size=20) == ["v3"]


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


def test_no_creator_has_more_than_a_fifth_of_a_page(engine: Engine, videos: list[str]) -> None:
    for n in range(20):
        likes(engine, "fan-0", video(engine, f"loud-{n}", "loud"))
    likes(engine, "viewer", "loud-0")

    shown = Counter(id.split("-")[0] for id in feed(engine, "viewer", size=10))
    assert shown["loud"] == 2


def test_a_cold_viewer_gets_trials_and_steady_favourites(
    engine: Engine, clock: ManualClock, videos: list[str]
) -> None:
    for number in range(5):  # v9 is liked by one user a day, v5 by five on one day
        likes(engine, f"fan-{number}", "v9", *(["v5"] if number < 4 else []))
        clock.advance(days=number % 2 * 2)

    found = reasons(engine, "stranger", size=4)
    assert list(found)[:2] == ["v9", "v5"]
    assert found["v9"] == "liked on many days"
    assert [reason[:4] for reason in found.values()].count("new:") == 2


def test_of_five_places_in_a_row_at_most_one_is_a_trials(engine: Engine, videos: list[str]) -> None:
    liked = [video(engine, f"old-{n}", f"someone-{n}") for n in range(30)]
    likes(engine, "fan-0", *liked)
    likes(engine, "viewer", "old-0")

    on_trial, cursor = [], None
    for _ in range(3):
        page = engine.deliver(UserId("viewer"), "interest", size=7, cursor=cursor)
        on_trial += [place.trial is not None for place in page.places]
        cursor = page.cursor
    assert sum(on_trial) == 4
    assert all(sum(on_trial[at : at + 5]) <= 1 for at in range(len(on_trial)))


def test_the_newest_items_alone_fill_a_page(
    engine: Engine, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.deliver.table.feed.newest_max", 3)
    monkeypatch.setattr("kouling.deliver.table.trials.trials_max", 0)
    for name in "abcde":
        clock.advance(minutes=1)
        video(engine, name, f"creator of {name}")

    likes(engine, "viewer", "d")
    assert feed(engine, "viewer") == ["e", "c"]
    assert feed(engine, "viewer") == []


def test_a_feed_with_nothing_in_it_is_an_empty_page(engine: Engine) -> None:
    page = engine.deliver(UserId("viewer"), "interest")

    assert (page.places, page.cursor) == ((), None)


def test_the_feed_serves_when_the_clock_goes_back(
    engine: Engine, clock: ManualClock, videos: list[str]
) -> None:
    likes(engine, "fan-0", "v1", "v2")
    likes(engine, "viewer", "v1")
    feed(engine, "viewer", size=1)
    clock.at -= timedelta(days=3)

    assert feed(engine, "viewer", size=3)


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


def test_nobody_is_the_audience_of_what_nothing_is_known_of(
    engine: Engine, videos: list[str]
) -> None:
    assert engine.deliver.reach(ItemId("v1")) == ()
    with pytest.raises(NotFound):
        engine.deliver.reach(ItemId("nothing"))
    with pytest.raises(InvalidInput):
        engine.deliver.reach(ItemId("v1"), 0)
