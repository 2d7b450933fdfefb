"""A file of NumPy's arrays (.npz) comes in, matrices of likes go out.

Nothing in such a file is trusted: no pickles, no array beyond a size that is known before it is
read, no number that is no row or column.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from kouling.errors import InvalidInput, LimitExceeded
from kouling.interest.arrays import Array
from kouling.interest.likes import LikeMatrix, like_matrix

Arrays = dict[str, Array]

array_bytes_max = 4 << 30
"""Bytes of one array, unpacked: a small file may unpack to any size."""

users_max, items_max = 500_000_000, 5_000_000
"""Rows and columns that a file may ask for, whether there are likes in them or not."""

_hint = "docs/guides/interest.md says what the file holds"


def read_arrays(path: Path) -> LikeMatrix:
    """Return the likes in the arrays `user` and `item`, or `train_user` and `train_item`.

    They stand in the order in which they were given where `ordered` is 1; `at` (or `train_at`)
    gives their times. Raises `InvalidInput`.
    """
    parts = ("user", "item", "at")
    found = _arrays(path, (*parts, *(f"train_{part}" for part in parts), "shape", "ordered"))
    prefix = "train_" if "train_user" in found else ""
    user, item = _numbers(found, [f"{prefix}user", f"{prefix}item"], path)
    at = _times(found.get(f"{prefix}at"), path)
    shape = _shape(found, [user], [item], path)
    return like_matrix(user, item, shape=shape, at=at, ordered=at is not None or _ordered(found))


def read_split(path: Path) -> tuple[LikeMatrix, LikeMatrix]:
    """Return the training and test likes of an .npz file.

    It holds `train_user`, `train_item`, `test_user`, `test_item` and `shape`, and `ordered` = 1
    where the pairs of a user stand in the order of its likes. Raises `InvalidInput`.
    """
    names = ("train_user", "train_item", "test_user", "test_item")
    found = _arrays(path, (*names, "shape", "ordered"))
    users, items, test_users, test_items = _numbers(found, names, path)
    shape = _shape(found, [users, test_users], [items, test_items], path)
    train = like_matrix(users, items, shape=shape, ordered=_ordered(found))
    return train, like_matrix(test_users, test_items, shape=shape, ordered=False)


def _arrays(path: Path, names: Iterable[str]) -> Arrays:
    """Return those of the named arrays that the file holds; no other is read."""
    try:
        with zipfile.ZipFile(path) as parts:
            sizes = {part.filename: part.file_size for part in parts.infolist()}
        wanted = [name for name in names if f"{name}.npy" in sizes]
        for name in wanted:
            if sizes[f"{name}.npy"] > array_bytes_max:
                raise LimitExceeded(
                    f"{name} in {path} has {sizes[f'{name}.npy']:,} bytes",
                    hint=f"give up to {array_bytes_max:,}",
                )
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in wanted}
    except InvalidInput:
        raise
    except OSError as error:
        reason = error.strerror or "it can't be read"
        raise InvalidInput(f"{path}: {reason}", hint="check the path") from None
    except Exception as error:  # whatever a damaged archive makes of itself
        raise InvalidInput(f"{path} is no .npz file: {error!s:.100}", hint=_hint) from None


def _numbers(found: Arrays, names: Sequence[str], path: Path) -> list[Array]:
    """Return arrays that must be there and hold whole numbers."""
    missing = [name for name in names if name not in found]
    if missing:
        raise InvalidInput(f"{path} has no {', '.join(missing)}", hint=_hint)
    for name in names:
        if found[name].ndim != 1 or found[name].dtype.kind not in "iu":
            raise InvalidInput(
                f"{name} in {path} is no list of whole numbers", hint="write it as int64"
            )
    return [found[name] for name in names]


def _times(at: Array | None, path: Path) -> Array | None:
    if at is None or (at.dtype.kind in "iuf" and at.ndim == 1 and np.isfinite(at).all()):
        return at
    raise InvalidInput(f"the times in {path} are no list of numbers", hint="write seconds")


def _ordered(found: Arrays) -> bool:
    said = found.get("ordered", np.array(0))
    if said.size != 1 or said.dtype.kind not in "biuf" or said.item() not in (0, 1):
        raise InvalidInput("ordered is neither 0 nor 1", hint=_hint)
    return bool(said.item())


def _shape(
    found: Arrays, users: Iterable[Array], items: Iterable[Array], path: Path
) -> tuple[int, int]:
    """Return the numbers of users and items: as the file says, else as far as its likes go."""
    said = found.get("shape")
    if said is None:
        shape = max(map(_end, users)), max(map(_end, items))
    elif said.shape == (2,) and said.dtype.kind in "iuf" and _are_whole(said):
        shape = int(said[0]), int(said[1])
    else:
        raise InvalidInput("shape is not two numbers", hint="give users and items")
    for what, size, most in zip(("users", "items"), shape, (users_max, items_max), strict=True):
        if not 0 <= size <= most:
            raise LimitExceeded(f"{path} is about {size} {what}", hint=f"give 0 to {most:,}")
    return shape


def _are_whole(numbers: Array) -> bool:
    return bool(np.isfinite(numbers).all() and (numbers == np.floor(numbers)).all())


def _end(numbers: Array) -> int:
    return int(numbers.max()) + 1 if len(numbers) else 0
