"""Files of arrays become matrices; nothing in them is trusted."""

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kouling.errors import InvalidInput
from kouling.interest import read_likes, read_split

right = {"train_user": [0], "train_item": [1], "test_user": [0], "test_item": [2]}


def test_a_split_comes_back_as_two_matrices(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "data.npz",
        train_user=[0, 0, 1],
        train_item=[2, 1, 0],
        test_user=[1],
        test_item=[2],
        shape=[2, 4],
        ordered=1,
    )
    train, test = read_split(tmp_path / "data.npz")

    assert (train.of(0).tolist(), test.of(1).tolist()) == ([2, 1], [2])
    assert (train.users, train.items, train.ordered) == (2, 4, True)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"train_user": [0.5]}, "whole numbers"),
        ({"shape": [1]}, "two numbers"),
        ({"shape": [1, 1]}, "outside"),
        ({"shape": [-1, 1]}, "give 0 to"),
        ({"shape": [np.nan, 1]}, "two numbers"),
        ({"shape": [np.inf, 1]}, "two numbers"),
        ({"shape": [1, -np.inf]}, "two numbers"),
        ({"shape": ["a", "b"]}, "two numbers"),
        ({"shape": [10**12, 5]}, "1000000000000 users"),
        ({"shape": [1, 10**10]}, "10000000000 items"),
        ({"test_item": [2**40]}, "1099511627777 items"),
        ({"test_user": np.array([2**64 - 1], np.uint64)}, "18446744073709551616 users"),
        ({"train_item": [[1]]}, "whole numbers"),
        ({"train_item": ["1"]}, "whole numbers"),
        ({"train_item": np.array([1], object)}, "Object arrays"),
        ({"train_item": [-1]}, "outside"),
        ({"train_item": [1, 2]}, "differ in number"),
        ({"ordered": "no"}, "neither 0 nor 1"),
        ({"ordered": [1, 0]}, "neither 0 nor 1"),
    ],
)
def test_a_wrong_split_is_refused(tmp_path: Path, wrong: dict[str, Any], message: str) -> None:
    np.savez(tmp_path / "data.npz", **(right | wrong))
    with pytest.raises(InvalidInput, match=message):
        read_split(tmp_path / "data.npz")


def test_a_split_that_lacks_an_array_says_which(tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", train_user=[0], train_item=[1], test_user=[0])
    with pytest.raises(InvalidInput, match="test_item"):
        read_split(tmp_path / "data.npz")


@pytest.mark.parametrize("kind", ["i1", "u2", "u4", "i4", "u8"])
def test_any_kind_of_whole_number_will_do(tmp_path: Path, kind: str) -> None:
    arrays: dict[str, Any] = {name: np.array(one, kind) for name, one in right.items()}
    np.savez(tmp_path / "data.npz", **arrays)
    train, test = read_split(tmp_path / "data.npz")

    assert (train.of(0).tolist(), test.of(0).tolist(), train.items) == ([1], [2], 3)


def packed(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(f"{name}.npy", part)
    return content.getvalue()


def array(values: Any, claimed: Any = None) -> bytes:
    content = io.BytesIO()
    np.save(content, np.array(values, np.int64))
    whole = content.getvalue()
    there = f"({len(values)},)".encode()
    return whole if claimed is None else whole.replace(there, claimed.encode(), 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 and no more",
        pickle.dumps({"train_user": [1]}),
        array([1]),
        packed(**dict.fromkeys(right, array([1])))[:-80],
        packed(**dict.fromkeys(right, array([1], "(9,)"))),
        packed(**dict.fromkeys(right, b"\x93NUMPY\x01\x00\x10\x00__import__('os')")),
    ],
    ids=["empty", "garbage", "pickle", "one array", "truncated", "claims more", "code"],
)
def test_what_is_no_archive_of_arrays_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data.npz").write_bytes(content)
    for read in (read_split, read_likes):
        with pytest.raises(InvalidInput, match=r"is no \.npz file|has no user"):
            read(tmp_path / "data.npz")


def test_an_array_is_not_unpacked_beyond_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kouling.interest import npz

    bomb = packed(**dict.fromkeys(right, array([0])), other=bytes(1 << 20))
    monkeypatch.setattr(npz, "array_bytes_max", 1_000)
    (tmp_path / "data.npz").write_bytes(bomb)
    assert len(read_split(tmp_path / "data.npz")[0]) == 1  # what nobody asks for is not read

    (tmp_path / "data.npz").write_bytes(packed(**dict.fromkeys(right, array([0] * 1_000))))
    with pytest.raises(InvalidInput, match="give up to 1,000"):
        read_split(tmp_path / "data.npz")


def test_likes_come_with_times_or_in_order_or_in_none(tmp_path: Path) -> None:
    likes: dict[str, Any] = {"user": [0, 0], "item": [1, 0]}
    more: dict[str, Any]
    for more, expected in (({}, [1, 0]), ({"ordered": 1}, [1, 0]), ({"at": [2.5, 1.5]}, [0, 1])):
        np.savez(tmp_path / "likes.npz", **likes, **more)
        found = read_likes(tmp_path / "likes.npz")
        assert (found.of(0).tolist(), found.ordered) == (expected, bool(more))
    np.savez(tmp_path / "likes.npz", **likes, at=[np.nan, 1])
    with pytest.raises(InvalidInput, match="times"):
        read_likes(tmp_path / "likes.npz")
