"""Files of likes become matrices; what can't be read is named with file and line."""

import csv
import json
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from kouling.errors import InvalidInput
from kouling.interest import LikeMatrix, read_likes

rows = [("ann", "x", "2018-05-29"), ("bo", "y", "2018-05-30"), ("ann", "z", "2018-05-28")]


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def named(likes: LikeMatrix) -> dict[str, list[Any]]:
    return {
        likes.user_ids[user]: [likes.item_ids[item] for item in likes.of(user)]
        for user in range(likes.users)
    }


def as_csv(folder: Path) -> Path:
    return write(
        folder / "likes.csv", "user,item,at\n" + "".join(",".join(row) + "\n" for row in rows)
    )


def as_jsonl(folder: Path) -> Path:
    lines = (f'{{"user": "{user}", "item": "{item}", "at": "{at}"}}\n' for user, item, at in rows)
    return write(folder / "likes.jsonl", "".join(lines))


def as_parquet(folder: Path) -> Path:
    columns = dict(zip(("user", "item", "at"), map(list, zip(*rows, strict=True)), strict=True))
    pa.parquet.write_table(pa.table(columns), folder / "likes.parquet")
    return folder / "likes.parquet"


@pytest.mark.parametrize("form", [as_csv, as_jsonl, as_parquet])
def test_every_format_gives_the_same_likes_by_time(
    tmp_path: Path, form: Callable[[Path], Path]
) -> None:
    likes = read_likes(form(tmp_path))

    assert named(likes) == {"ann": ["z", "x"], "bo": ["y"]}
    assert likes.ordered


def test_without_times_the_order_counts_only_if_said_so(tmp_path: Path) -> None:
    path = write(tmp_path / "likes.csv", "user,item\na,2\na,1\n")

    assert not read_likes(path).ordered
    assert named(read_likes(path, ordered=True)) == {"a": ["2", "1"]}


def test_feedback_of_gorse_is_read_as_it_is(tmp_path: Path) -> None:
    path = write(
        tmp_path / "feedback.csv",
        "FeedbackType,UserId,ItemId,Value,Timestamp\n"
        "star,a,1,0,2026-01-01T00:00:00Z\nread,a,2,0,2026-01-02T00:00:00Z\n"
        "like,a,3,0,2026-01-03T00:00:00Z\n",
    )

    assert named(read_likes(path, types=("like", "star"))) == {"a": ["1", "3"]}
    with pytest.raises(InvalidInput, match="no likes"):
        read_likes(path, types=("share",))


def test_the_last_of_contradictory_events_holds(tmp_path: Path) -> None:
    path = write(
        tmp_path / "likes.jsonl",
        '{"user": "a", "item": 1, "at": 1}\n{"user": "a", "item": 1, "at": 2, "liked": false}\n'
        '{"user": "a", "item": 2, "at": 2, "liked": false}\n{"user": "a", "item": 2, "at": 3}\n'
        '{"user": "a", "item": 3, "at": 9}\n{"user": "a", "item": 3, "at": 1, "weight": 0}\n',
    )

    assert named(read_likes(path)) == {"a": ["2", "3"]}


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("user,item\na\n", ":2", "1 fields"),
        ("user,item\na,1\n,2\n", ":3", "no user"),
        ("user,item,weight\na,1,nan\n", ":2", "weight"),
        ("user,item,weight\na,1,-1\n", ":2", "weight"),
        ("user,item,weight\na,1,lots\n", ":2", "lots"),
        ("user,item,at\na,1,yesterday\n", ":2", "yesterday"),
        ("user,item,at\na,1,5\nb,1,\n", "", "1 of 2 likes have no time"),
        ("user,item,liked\na,1,perhaps\n", ":2", "perhaps"),
        ("user,UserId,item\na,b,1\n", "", "two columns for user"),
        ("who,what\na,1\n", "", "no columns user and item"),
        ("user,item\n", "", "no likes"),
        ("", "", "no columns"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, where: str, message: str) -> None:
    path = write(tmp_path / "likes.csv", text)
    with pytest.raises(InvalidInput, match=message) as caught:
        read_likes(path)
    assert f"likes.csv{where}" in str(caught.value) or not where


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("user", {}, "user {} is no id"),
        ("user", True, "user True is no id"),
        ("item", 1.5, "item 1.5 is no id"),
        ("item", float("nan"), "item nan is no id"),
        ("item", "\ud800", "half a character"),
        ("at", [1], "[1] is no number"),
        ("at", 10**400, "is no number"),
        ("weight", {}, "{} is no number"),
    ],
)
def test_a_value_that_makes_no_sense_is_told(
    tmp_path: Path, name: str, value: object, message: str
) -> None:
    row = json.dumps({"user": "a", "item": "b"} | {name: value})
    with pytest.raises(InvalidInput, match=re.escape(message)) as caught:
        read_likes(write(tmp_path / "likes.jsonl", row + "\n"))
    assert "likes.jsonl:1" in str(caught.value)


def test_a_type_that_is_no_word_is_no_like(tmp_path: Path) -> None:
    text = '{"user": "a", "item": "b", "type": ["like"]}\n{"user": "a", "item": "c"}\n'

    assert named(read_likes(write(tmp_path / "likes.jsonl", text))) == {"a": ["c"]}


def test_two_fields_of_one_meaning_are_told(tmp_path: Path) -> None:
    text = '{"user": "a", "UserId": "b", "item": "c"}\n'
    with pytest.raises(InvalidInput, match="jsonl:1: two fields mean the same"):
        read_likes(write(tmp_path / "likes.jsonl", text))


def parquet(folder: Path, **cells: Any) -> Path:
    pa.parquet.write_table(pa.table(cells), folder / "likes.parquet")
    return folder / "likes.parquet"


@pytest.mark.parametrize(
    "at",
    [
        pa.array([2, 1], pa.timestamp("ns")),
        pa.array([2, 1], pa.timestamp("us", tz="UTC")),
        [date(2018, 5, 30), date(2018, 5, 29)],
        [2.5, 1.5],
    ],
    ids=["nanoseconds", "zone", "days", "numbers"],
)
def test_times_of_parquet_are_read_as_it_has_them(tmp_path: Path, at: object) -> None:
    path = parquet(tmp_path, user=["a", "a"], item=["x", "y"], at=at)

    assert named(read_likes(path)) == {"a": ["y", "x"]}


def test_ids_of_parquet_may_be_numbers_and_bytes(tmp_path: Path) -> None:
    path = parquet(tmp_path, user=[b"a", b"b"], item=[17.0, 18.0])

    assert named(read_likes(path)) == {"a": ["17"], "b": ["18"]}


def test_damage_inside_a_parquet_file_is_told(tmp_path: Path) -> None:
    path = parquet(tmp_path, user=["a"] * 500, item=[f"i{n}" for n in range(500)])
    content = bytearray(path.read_bytes())
    content[20:60] = b"\xff" * 40
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="is no Parquet"):
        read_likes(path)


def test_a_time_without_a_zone_is_in_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    text = "user,item,at\na,later,2018-05-29T02:00:00\na,first,2018-05-29T01:00:00Z\n"
    likes = read_likes(write(tmp_path / "likes.csv", text))
    monkeypatch.undo()
    time.tzset()

    assert named(likes) == {"a": ["first", "later"]}


def test_all_rows_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    lines = ["a,1", "a", ",2", "b,2"] + ["c,3,4"] * 30
    path = write(tmp_path / "likes.csv", "user,item\n" + "\n".join(lines) + "\n")
    with pytest.raises(InvalidInput) as caught:
        read_likes(path)
    told = str(caught.value).splitlines()

    assert told[:3] == [
        f"{path}:3: 1 fields where the first line names 2",
        f"{path}:4: no user or no item",
        f"{path}:6: 3 fields where the first line names 2",
    ]
    assert len(told) == 21
    assert told[-1].startswith("and 12 rows more")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("likes.csv", 'user,item\na,1\n"never closed' + ",x" * 100_000),
        ("likes.jsonl", '{"user": "a", "item": 1}\n' + "[" * 100_000),
    ],
)
def test_a_row_that_swallows_the_file_is_told(tmp_path: Path, name: str, text: str) -> None:
    csv.field_size_limit(10_000_000)  # as whoever read CSV before may have left it
    with pytest.raises(InvalidInput, match=f"{name}:[23]: not"):
        read_likes(write(tmp_path / name, text))


def test_times_as_go_writes_them_are_read(tmp_path: Path) -> None:
    text = (
        "feedback_type,user_id,item_id,time_stamp\n"
        "like,a,2,2024-01-02 10:00:00.5 +0000 UTC\nlike,a,1,2024-01-02 10:00:01 +0800 CST\n"
    )

    assert named(read_likes(write(tmp_path / "likes.csv", text))) == {"a": ["1", "2"]}


def test_broken_files_are_refused(tmp_path: Path) -> None:
    for name, content in (
        ("likes.jsonl", b"{\n"),
        ("likes.jsonl", b"[]\n"),
        ("likes.csv", b"user,item\n\xff,1\n"),
        ("likes.npz", b"PK nothing"),
        ("likes.parquet", b"nothing"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidInput):
            read_likes(tmp_path / name)
    with pytest.raises(InvalidInput, match="No such file"):
        read_likes(tmp_path / "nowhere.csv")
