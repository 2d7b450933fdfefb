"""A file of likes comes in, a matrix of likes goes out: CSV, JSON lines, Parquet or NumPy's .npz.

Columns go by name, however it is written: user or UserId; item or ItemId; at, time or Timestamp
(ISO 8601, or a number that grows with time); liked (false takes a like back); weight (0 takes it
back, any other positive number is a like); type or FeedbackType, so that gorse's feedback files
can be read as they are. Of the same like twice the first counts; after an unlike, the next.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from kouling.deliver.interest.likes import LikeMatrix, like_matrix
from kouling.errors import InvalidInput

Array = np.ndarray[Any, Any]

names = {
    "user": ("user", "userid"),
    "item": ("item", "itemid"),
    "at": ("at", "time", "timestamp"),
    "liked": ("liked",),
    "weight": ("weight",),
    "type": ("type", "feedbacktype"),
}
"""Our word for a column and what files call it, in small letters without underscores."""

names_two = ("user", "item")

_of_go = re.compile(r"^(\S+ [\d:.]+) ([+-]\d{4}) \S+$")
"""A time as Go writes it and older gorse exports it: 2024-01-02 10:00:00 +0000 UTC."""

unlike = "unlike"
"""The type of an event that takes a like back."""

field_length_max = 131_072
"""Characters of a field in a CSV file."""

problems_told_max = 20
"""Rows that can't be read and are told one by one; the others are counted."""


class Problem(NamedTuple):
    """What is wrong with a row."""

    message: str


class Event(NamedTuple):
    """A like, or its being taken back."""

    user: str
    item: str
    at: float | None
    liked: bool


def read_likes(
    path: Path, *, types: Iterable[str] = ("like",), ordered: bool = False
) -> LikeMatrix:
    """Return the likes of a file; where it has no times, `ordered` says its rows are in order.

    Rows with a type other than `types` and "unlike" are left out. Raises `InvalidInput` with all
    rows that can't be read, with file and line, such as those with NaN and negative weights, and
    if no like is left.
    """
    wanted = frozenset(types)
    try:
        if path.suffix == ".npz":
            return _read_npz(path)
        likes, seen = _gathered(_events(path, wanted), ordered)
    except OSError as error:
        reason = error.strerror or "it can't be read"
        raise InvalidInput(f"{path}: {reason}", hint="check the path") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"{path} is not UTF-8", hint="convert it with iconv -t utf-8") from None
    if not seen:
        hint = f"rows of type {', '.join(sorted(wanted))} count; name others, or check the columns"
        raise InvalidInput(f"{path} has no likes", hint=hint)
    return likes


def read_split(path: Path) -> tuple[LikeMatrix, LikeMatrix]:
    """Return the training and test likes of an .npz file.

    It holds `train_user`, `train_item`, `test_user`, `test_item` and `shape`, and `ordered` = 1
    where the pairs of a user stand in the order of its likes.
    """
    found = _arrays(path)
    missing = [
        f"{part}_{name}"
        for part in ("train", "test")
        for name in ("user", "item")
        if f"{part}_{name}" not in found
    ]
    if missing:
        raise InvalidInput(f"{path} has no {', '.join(missing)}", hint="see docs/guides/feed.md")
    ends = [max(_end(found[f"{part}_{name}"]) for part in ("train", "test")) for name in names_two]
    shape = _shape(found, ends)
    known = bool(found.get("ordered", 0))
    train = like_matrix(found["train_user"], found["train_item"], shape=shape, ordered=known)
    test = like_matrix(found["test_user"], found["test_item"], shape=shape, ordered=False)
    return train, test


def _events(path: Path, types: frozenset[str]) -> Iterator[Event]:
    readers = {".csv": _csv_rows, ".jsonl": _json_rows, ".ndjson": _json_rows}
    reader = readers.get(path.suffix.lower(), _csv_rows)
    if path.suffix.lower() == ".parquet":
        reader = _parquet_rows
    told: list[str] = []
    wrong = 0
    for line, row in reader(path):
        try:
            event = row if isinstance(row, Problem) else _event(row, types)
        except ValueError as error:
            event = Problem(str(error))
        if isinstance(event, Problem):
            wrong += 1
            if wrong <= problems_told_max:
                told.append(f"{path}:{line}: {event.message}")
        elif event is not None:
            yield event
    if wrong:
        if wrong > len(told):
            told.append(f"and {wrong - len(told)} rows more")
        raise InvalidInput("\n".join(told), hint="mend or remove them; nothing was fitted")


def _event(row: Mapping[str, Any], types: frozenset[str]) -> Event | None:
    kind = row.get("type")
    if kind not in (None, "", unlike) and kind not in types:
        return None
    user, item = row.get("user"), row.get("item")
    if user in (None, "") or item in (None, ""):
        raise ValueError("no user or no item")
    liked = kind != unlike and _truth(row.get("liked")) and _positive(row.get("weight"))
    at = row.get("at")
    return Event(str(user), str(item), None if at in (None, "") else _moment(at), liked)


def _truth(value: Any) -> bool:
    if value in (None, "", True, 1, "1", "true", "True"):
        return True
    if value in (False, 0, "0", "false", "False"):
        return False
    raise ValueError(f"liked is {value!r:.40}, neither true nor false")


def _positive(value: Any) -> bool:
    if value in (None, ""):
        return True
    weight = float(value)
    if not math.isfinite(weight) or weight < 0:
        raise ValueError(f"a like with weight {value!r:.40}")
    return weight > 0


def _moment(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    try:
        moment = float(value)
    except ValueError:
        return datetime.fromisoformat(_of_go.sub(r"\1\2", value)).timestamp()
    if not math.isfinite(moment):
        raise ValueError(f"time {value!r:.40}")
    return moment


def _gathered(events: Iterable[Event], ordered: bool) -> tuple[LikeMatrix, bool]:
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    rows = [
        (users.setdefault(one.user, len(users)), items.setdefault(one.item, len(items)), one)
        for one in events
    ]
    user = np.array([row[0] for row in rows], np.int64)
    item = np.array([row[1] for row in rows], np.int32)
    timed = [row[2].at for row in rows if row[2].at is not None]
    if timed and len(timed) != len(rows):
        raise InvalidInput(
            f"{len(rows) - len(timed)} of {len(rows)} likes have no time",
            hint="give all of them one, or leave the column out",
        )
    at = np.array(timed) if timed else np.arange(len(rows), dtype=float)
    last = _still_liked(user, item, at, np.array([row[2].liked for row in rows], bool))
    known = ordered or bool(timed)
    matrix = like_matrix(
        user[last],
        item[last],
        shape=(len(users), len(items)),
        at=at[last] if known else None,
        ordered=known,
    )
    named = msgspec.structs.replace(matrix, user_ids=list(users), item_ids=list(items))
    return named, bool(len(named))


def _still_liked(user: Array, item: Array, at: Array, liked: Array) -> Array:
    """Return which events are likes that no later event took back."""
    if liked.all():
        return liked
    order = np.lexsort((np.arange(len(at)), at, item, user))
    ends: dict[tuple[int, int], int] = {}
    for place, event in enumerate(order):
        if not liked[event]:
            ends[(int(user[event]), int(item[event]))] = place
    place_of = np.empty(len(order), np.int64)
    place_of[order] = np.arange(len(order))
    gone = np.array([ends.get(pair, -1) for pair in zip(user.tolist(), item.tolist(), strict=True)])
    return liked & (place_of > gone)


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(field_length_max)  # whoever read CSV before may have set another
        reader = csv.reader(file)
        rows = _until_broken(reader)
        header = _named(next(rows, []), path)
        for cells in rows:
            if isinstance(cells, Problem):
                yield reader.line_num, cells
            elif cells:
                if len(cells) == len(header):
                    yield reader.line_num, dict(zip(header, cells, strict=True))
                    continue
                message = f"{len(cells)} fields where the first line names {len(header)}"
                yield reader.line_num, Problem(message)


def _until_broken(rows: Iterator[list[str]]) -> Iterator[Any]:
    """Give the rows, and a problem where no further row can be told from the next."""
    try:
        yield from rows
    except csv.Error as error:
        yield Problem(f"not CSV from here on: {error}")


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    header: dict[str, str] = {}
    with path.open(encoding="utf-8-sig") as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                fields = json.loads(text)
            except (ValueError, RecursionError):
                fields = None
            if not isinstance(fields, dict):
                yield line, Problem('not a JSON object, such as {"user": …}')
                continue
            for name in fields.keys() - header.keys():
                header[name] = _ours(name)
            yield line, {header[name]: value for name, value in fields.items()}


def _parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise InvalidInput(
            "Parquet needs pyarrow", hint="install kouling[bulk], or give CSV"
        ) from None
    try:
        file = parquet.ParquetFile(path)
    except ValueError as error:  # what pyarrow calls a file that isn't one
        raise InvalidInput(f"{path} is no Parquet: {error!s:.100}", hint="write it anew") from None
    header = _named(file.schema_arrow.names, path)
    line = 0
    for batch in file.iter_batches():
        for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            line += 1
            yield line, dict(zip(header, cells, strict=True))


def _named(header: Iterable[str], path: Path) -> list[str]:
    found = [_ours(name) for name in header]
    if not {"user", "item"} <= set(found):
        raise InvalidInput(
            f"{path} has no columns user and item", hint="name the columns: user,item,at"
        )
    return found


def _ours(name: str) -> str:
    plain = name.strip().lower().replace("_", "")
    return next((ours for ours, theirs in names.items() if plain in theirs), f"other {name}")


def _read_npz(path: Path) -> LikeMatrix:
    found = _arrays(path)
    prefix = "train_" if "train_user" in found else ""
    if f"{prefix}user" not in found or f"{prefix}item" not in found:
        raise InvalidInput(f"{path} has no arrays user and item", hint="name them so")
    user, item = found[f"{prefix}user"], found[f"{prefix}item"]
    at = found.get(f"{prefix}at")
    known = at is not None or bool(found.get("ordered", 0))
    return like_matrix(
        user, item, shape=_shape(found, [_end(user), _end(item)]), at=at, ordered=known
    )


def _arrays(path: Path) -> dict[str, Array]:
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
    except OSError as error:
        reason = error.strerror or "it can't be read"
        raise InvalidInput(f"{path}: {reason}", hint="check the path") from None
    except Exception as error:  # whatever a damaged archive makes of itself
        raise InvalidInput(
            f"{path} is no .npz file: {error!s:.100}", hint="write it anew"
        ) from None
    for name, array in found.items():
        if name.endswith(("user", "item")) and (array.ndim != 1 or array.dtype.kind not in "iu"):
            raise InvalidInput(f"{name} in {path} are no whole numbers", hint="write it anew")
    return found


def _shape(found: Mapping[str, Array], ends: list[int]) -> tuple[int, int]:
    shape = found.get("shape", np.array(ends))
    if shape.shape != (2,):
        raise InvalidInput("shape is not two numbers", hint="give users and items")
    return int(shape[0]), int(shape[1])


def _end(numbers: Array) -> int:
    return int(numbers.max()) + 1 if len(numbers) else 0
