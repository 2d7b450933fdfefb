"""Feedback that gorse exported is read row by row."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.deliver import read_feedback


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
