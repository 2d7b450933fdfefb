"""Likes as they are kept: one per user and item."""

from datetime import timedelta

import pytest

from kouling import Engine, bundled_policy
from kouling.clock import ManualClock
from kouling.deliver import LikeImport, PastLike
from kouling.deliver.table import load_likes
from kouling.errors import InvalidInput, KoulingError, NotFound
from kouling.ids import ItemId, UserId
from tests.conftest import noon
from tests.deliver.feed import feed, likes, reasons, video
from tests.samples import foreign_text, friend, item, stranger


def test_a_like_counts_once_and_only_for_what_the_user_can_see(town: Engine) -> None:
    town.gate(item("1"))
    town.deliver.like(friend, ItemId("1"))
    town.deliver.like(friend, ItemId("1"))

    table = town.insight("funnel", town._runtime.clock().date())
    assert [row[1] for row in table.rows if row[0] == "likes"] == [1]
    with pytest.raises(NotFound):
        town.deliver.like(stranger, ItemId("1"))


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


def past(user: str, of: str, days: float = 1) -> PastLike:
    """A like of so many days ago."""
    return PastLike(user=UserId(user), item=ItemId(of), at=noon - timedelta(days=days))


def liked(engine: Engine) -> dict[str, list[str]]:
    """What every user likes, oldest like first, as the table has it."""
    found: dict[str, list[str]] = {}
    with engine._runtime.store.read() as connection:
        all_likes = load_likes(connection)
    for user, id in zip(all_likes.users, all_likes.items, strict=True):
        found.setdefault(user, []).append(id)
    return found


def test_imported_likes_act_on_the_next_page(engine: Engine, videos: list[str]) -> None:
    likes(engine, "viewer", "v1")
    assert engine.deliver.import_likes([past("fan", "v1"), past("fan", "v2")]).added == 2

    assert reasons(engine, "viewer", size=4)["v2"] == "because you liked v1"


def test_imported_likes_have_the_times_at_which_they_were_given(
    engine: Engine, clock: ManualClock, videos: list[str]
) -> None:
    moved = [past("fan", "v1", 2), past("fan", "v0", 3), past("fan", "v3", -9), past("fan", "v2")]
    engine.deliver.import_likes([*moved, PastLike(user=UserId("other"), item=ItemId("v0"))])

    assert liked(engine)["fan"] == ["v0", "v1", "v2", "v3"]  # what is to come is of now
    days = [clock.at.date() - timedelta(days=days) for days in range(4)]
    counted = [engine.insight("funnel", day).column("count")[3] for day in days]
    assert counted == [2, 1, 1, 1]


def test_importing_again_changes_nothing_not_even_what_was_taken_back_since(
    engine: Engine, videos: list[str]
) -> None:
    moved = [past("fan", "v0"), past("fan", "v1"), past("viewer", "v1")]
    likes(engine, "viewer", "v1")
    assert engine.deliver.import_likes(moved) == LikeImport(added=2, known=1)
    engine.deliver.unlike(UserId("fan"), ItemId("v0"))

    assert engine.deliver.import_likes(moved * 2) == LikeImport(known=6)
    assert liked(engine) == {"fan": ["v1"], "viewer": ["v1"]}
    likes(engine, "fan", "v0", "v1")
    assert liked(engine)["fan"] == ["v1", "v0"]


def test_likes_of_what_can_not_be_seen_are_named_and_come_with_the_next_import(
    engine: Engine, videos: list[str]
) -> None:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    engine.gate(item("limited", foreign_text, surface="interest"))
    moved = [past("fan", "limited"), past("fan", "new"), past("fan", "v1"), past("fan", "new")]

    assert engine.deliver.import_likes(moved) == LikeImport(
        added=1, missing=3, missing_items=(ItemId("limited"), ItemId("new"))
    )
    video(engine, "new", "newcomer")
    assert engine.deliver.import_likes(moved) == LikeImport(
        added=1, known=2, missing=1, missing_items=(ItemId("limited"),)
    )


def test_more_likes_than_one_transaction_takes_are_all_taken_in(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kouling.deliver.surface.likes_at_once", 7)
    for n in range(5):
        video(sqlite_engine, f"v{n}", f"creator-{n}")
    moved = [past(f"fan-{n}", f"v{k}") for n in range(6) for k in range(6)]
    taken = sqlite_engine.deliver.import_likes(iter(moved))

    assert (taken.added, taken.missing, taken.missing_items) == (30, 6, ("v5",))
    assert {len(items) for items in liked(sqlite_engine).values()} == {5}


@pytest.mark.parametrize(
    "wrong",
    [
        PastLike(user=UserId(""), item=ItemId("v1")),
        PastLike(user=UserId("fan"), item=ItemId("v\n")),
        PastLike(user=UserId("fan"), item=ItemId("v1"), at=noon.replace(tzinfo=None)),
    ],
)
def test_a_like_that_can_not_be_is_refused_with_its_part(
    engine: Engine, videos: list[str], wrong: PastLike
) -> None:
    with pytest.raises(InvalidInput):
        engine.deliver.import_likes([past("fan", "v1"), wrong])

    assert liked(engine) == {}


def test_a_trial_counts_an_imported_like_when_it_comes(
    engine: Engine, clock: ManualClock, videos: list[str]
) -> None:
    (shown,) = reasons(engine, "viewer", size=1)
    clock.advance(hours=1)
    engine.deliver.import_likes([past("viewer", shown), past("somebody else", shown)])

    report = engine.deliver.trial(ItemId(shown))
    assert report.trial.likes == 1
    assert report.steps[-1].at == clock.at
