"""What is on a page of the interest feed."""

from collections import Counter
from datetime import timedelta

import pytest

from kouling import Engine, bundled_policy
from kouling.clock import ManualClock
from kouling.gate import Subject, SubjectKind
from kouling.ids import UserId
from tests.deliver.feed import feed, likes, reasons, video
from tests.samples import foreign_text, item


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


@pytest.mark.parametrize("ends", [("viewer", "creator-3"), ("creator-3", "viewer")])
def test_a_block_works_both_ways_and_can_be_taken_back(
    engine: Engine, videos: list[str], ends: tuple[str, str]
) -> None:
    engine.people.block(UserId(ends[0]), UserId(ends[1]))
    assert "v3" not in feed(engine, "viewer", size=20)
    engine.people.unblock(UserId(ends[0]), UserId(ends[1]))
    assert feed(engine, "viewer", size=20) == ["v3"]


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
