"""Likes that were given elsewhere move in: once, with their times, whatever stands beside them."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine, bundled_policy
from kouling.clock import ManualClock
from kouling.deliver import LikeImport, PastLike, read_feedback
from kouling.deliver.table import load_likes
from kouling.errors import InvalidInput
from kouling.ids import ItemId, UserId
from tests.conftest import noon
from tests.deliver.feed import likes, reasons, video
from tests.samples import foreign_text, item


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


@pytest.fixture
def videos(engine: Engine) -> list[str]:
    """Four videos of as many creators."""
    return [video(engine, f"v{n}", f"creator-{n}") for n in range(4)]


def test_imported_likes_act_on_the_next_page(engine: Engine, videos: list[str]) -> None:
    likes(engine, "viewer", "v1")
    assert engine.deliver.import_likes([past("fan", "v1"), past("fan", "v2")]).added == 2

    assert reasons(engine, "viewer", size=1) == {"v2": "because you liked v1"}


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


# gorse's export.


def row(**fields: object) -> bytes:
    known = {"FeedbackType": "star", "UserId": "ann", "ItemId": "v1", "Value": 0, "Comment": ""}
    return json.dumps({**known, "Timestamp": "2024-01-02T10:00:00.123456789Z", **fields}).encode()


def test_an_export_of_gorse_is_read_as_it_is() -> None:
    rows = [row(), row(FeedbackType="read"), b"", row(Timestamp="2024-01-02T10:00:00+08:00")]
    found = list(read_feedback(rows, "feedback.jsonl", ["star"]))

    assert [one.type for one in found] == ["star", "read", "star"]
    assert [one.like and one.like.at for one in found] == [
        datetime(2024, 1, 2, 10, 0, 0, 123457, tzinfo=UTC),
        None,
        datetime(2024, 1, 2, 10, tzinfo=timezone(timedelta(hours=8))),
    ]
    assert not any(one.problem for one in found)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (b"nonsense", "JSON is malformed"),
        (b"\xff\xfe", "JSON is malformed"),
        (b"[" * 100_000, "no feedback of gorse"),
        (b'{"FeedbackType": "star", "UserId": "ann"}', "missing required field `ItemId`"),
        (row(UserId=5), "Expected `str`, got `int`"),
        (row(UserId=""), "can't be an id"),
        (row(ItemId="x" * 129), "can't be an id"),
        (row(Timestamp="yesterday"), "Invalid RFC3339"),
        (row(Timestamp="2024-01-02T10:00:00"), "has no zone"),
        (row(Timestamp="0001-01-01T00:00:00+08:00"), "out of range"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_its_neighbours_are_read(
    wrong: bytes, message: str
) -> None:
    rows = list(read_feedback([row(), b"", wrong, row(ItemId="v2")], "feedback.jsonl", ["star"]))

    assert [one.like.item for one in rows if one.like] == ["v1", "v2"]
    (problem,) = (one.problem for one in rows if one.problem)
    assert str(problem).startswith("feedback.jsonl:3: ")
    assert message in str(problem)
    assert problem.hint


@given(st.lists(st.binary(max_size=80)))
def test_whatever_a_line_holds_reading_goes_on(lines: list[bytes]) -> None:
    found = list(read_feedback([*lines, row()], "feedback.jsonl", ["star"]))

    assert found[-1].like is not None
