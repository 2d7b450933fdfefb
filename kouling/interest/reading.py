"""A file of likes comes in, a matrix of likes goes out: CSV, JSON lines or Parquet.

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
from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from kouling.errors import InvalidInput, LimitExceeded
from kouling.interest.arrays import Array
from kouling.interest.likes import LikeMatrix, like_matrix
from kouling.interest.npz import read_arrays

names = {
    "user": ("user", "userid"),
    "item": ("item", "itemid"),
    "at": ("at", "time", "timestamp"),
    "liked": ("liked",),
    "weight": ("weight",),
    "type": ("type", "feedbacktype"),
}
"""Our word for a column and what files call it, in small letters without underscores."""

_of_go = re.compile(r"^(\S+ [\d:.]+) ([+-]\d{4}) \S+$")
"""A time as Go writes it and older gorse exports it: 2024-01-02 10:00:00 +0000 UTC."""

unlike = "unlike"
"""The type of an event that takes a like back."""

field_length_max = 131_072
"""Characters of a field in a CSV file."""

events_max = 200_000_000
"""Events of one file; each takes 21 bytes while they are gathered."""

problems_told_max = 20
"""Rows that can't be read and are told one by one; the others are counted."""


class RowProblem(NamedTuple):
    """What is wrong with a row."""

    message: str


class LikeEvent(NamedTuple):
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
            return read_arrays(path)
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


def _events(path: Path, types: frozenset[str]) -> Iterator[LikeEvent]:
    readers = {".csv": _csv_rows, ".jsonl": _json_rows, ".ndjson": _json_rows}
    reader = readers.get(path.suffix.lower(), _csv_rows)
    if path.suffix.lower() == ".parquet":
        reader = _parquet_rows
    told: list[str] = []
    wrong = 0
    for line, row in reader(path):
        try:
            event = row if isinstance(row, RowProblem) else _event(row, types)
        except (ValueError, OverflowError) as error:
            event = RowProblem(str(error))
        if isinstance(event, RowProblem):
            wrong += 1
            if wrong <= problems_told_max:
                told.append(f"{path}:{line}: {event.message}")
        elif event is not None:
            yield event
    if wrong:
        if wrong > len(told):
            told.append(f"and {wrong - len(told)} rows more")
        raise InvalidInput("\n".join(told), hint="mend or remove them; nothing was fitted")


def _event(row: Mapping[str, Any], types: frozenset[str]) -> LikeEvent | None:
    kind = row.get("type")
    if kind not in (None, "", unlike) and str(kind) not in types:
        return None
    user, item = row.get("user"), row.get("item")
    if user in (None, "") or item in (None, ""):
        raise ValueError("no user or no item")
    liked = kind != unlike and _truth(row.get("liked")) and _positive(row.get("weight"))
    at = row.get("at")
    moment = None if at in (None, "") else _moment(at)
    return LikeEvent(_id(user, "user"), _id(item, "item"), moment, liked)


def _id(value: Any, what: str) -> str:
    """Return an id as text; numbers that came to be floats beside missing ones are whole again."""
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{what} {value!r:.40} is no id")
    found = str(value)
    if not found.isascii() and any("\ud800" <= one <= "\udfff" for one in found):
        raise ValueError(f"{what} {found!a:.40} has half a character")
    return found


def _truth(value: Any) -> bool:
    if value in (None, "", True, 1, "1", "true", "True"):
        return True
    if value in (False, 0, "0", "false", "False"):
        return False
    raise ValueError(f"liked is {value!r:.40}, neither true nor false")


def _positive(value: Any) -> bool:
    if value in (None, ""):
        return True
    weight = _number(value)
    if not math.isfinite(weight) or weight < 0:
        raise ValueError(f"a like with weight {value!r:.40}")
    return weight > 0


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, OverflowError):
        raise ValueError(f"{value!r:.40} is no number") from None


def _moment(value: Any) -> float:
    """Return a time as seconds, or the number that stands for it; without a zone it is UTC."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            value = datetime.fromisoformat(_of_go.sub(r"\1\2", value))
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    moment = _number(value)
    if not math.isfinite(moment):
        raise ValueError(f"time {value!r:.40}")
    return moment


def _gathered(events: Iterable[LikeEvent], ordered: bool) -> tuple[LikeMatrix, bool]:
    """Return the likes that are left of all events, and whether any are."""
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    rows, columns, times, turns = array("q"), array("i"), array("d"), array("b")
    for event in events:
        if len(rows) == events_max:
            raise LimitExceeded("too many rows", hint=f"give up to {events_max:,}")
        rows.append(users.setdefault(event.user, len(users)))
        columns.append(items.setdefault(event.item, len(items)))
        times.append(math.nan if event.at is None else event.at)
        turns.append(event.liked)
    at, timed = _filled(np.array(times))
    user, item = np.array(rows), np.array(columns)
    last = _still_liked(user, item, at, np.array(turns, bool))
    known = ordered or timed
    matrix = like_matrix(
        user[last],
        item[last],
        shape=(len(users), len(items)),
        at=at[last] if known else None,
        ordered=known,
    )
    named = msgspec.structs.replace(matrix, user_ids=list(users), item_ids=list(items))
    return named, bool(len(named))


def _filled(at: Array) -> tuple[Array, bool]:
    """Return the times, or where there are none the places of the rows; and which they are."""
    missing = int(np.isnan(at).sum())
    if missing == len(at):
        return np.arange(len(at), dtype=float), False
    if missing:
        raise InvalidInput(
            f"{missing} of {len(at)} likes have no time",
            hint="give all of them one, or leave the column out",
        )
    return at, True


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


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | RowProblem]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(field_length_max)  # whoever read CSV before may have set another
        reader = csv.reader(file)
        rows = _until_broken(reader)
        header = _named(next(rows, []), path)
        for cells in rows:
            if isinstance(cells, RowProblem):
                yield reader.line_num, cells
            elif cells:
                if len(cells) == len(header):
                    yield reader.line_num, dict(zip(header, cells, strict=True))
                    continue
                message = f"{len(cells)} fields where the first line names {len(header)}"
                yield reader.line_num, RowProblem(message)


def _until_broken(rows: Iterator[list[str]]) -> Iterator[Any]:
    """Give the rows, and a problem where no further row can be told from the next."""
    try:
        yield from rows
    except csv.Error as error:
        yield RowProblem(f"not CSV from here on: {error}")


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | RowProblem]]:
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
                yield line, RowProblem('not a JSON object, such as {"user": …}')
                continue
            for name in fields.keys() - header.keys():
                header[name] = _ours(name)
            row = {header[name]: value for name, value in fields.items()}
            yield line, row if len(row) == len(fields) else RowProblem("two fields mean the same")


def _parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | RowProblem]]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise InvalidInput(
            "Parquet needs pyarrow", hint="install kouling[bulk], or give CSV"
        ) from None
    line = 0
    try:
        file = parquet.ParquetFile(path)
        header = _named(file.schema_arrow.names, path)
        for batch in file.iter_batches():
            for cells in zip(*map(_cells, batch.columns), strict=True):
                line += 1
                yield line, dict(zip(header, cells, strict=True))
    except InvalidInput:
        raise
    except (ValueError, OSError) as error:  # what pyarrow calls a file that isn't one
        if isinstance(error, OSError) and error.errno:
            raise
        raise InvalidInput(f"{path} is no Parquet: {error!s:.100}", hint="write it anew") from None


def _cells(column: Any) -> list[Any]:
    """Return a column's values; moments as counts, which don't lose the nanoseconds."""
    is_time = str(column.type).startswith("timestamp")
    cells: list[Any] = (column.cast("int64") if is_time else column).to_pylist()
    return cells


def _named(header: Iterable[str], path: Path) -> list[str]:
    found = [_ours(name) for name in header]
    if not {"user", "item"} <= set(found):
        raise InvalidInput(
            f"{path} has no columns user and item", hint="name the columns: user,item,at"
        )
    for ours in names:
        if found.count(ours) > 1:
            raise InvalidInput(f"{path} has two columns for {ours}", hint="leave one out")
    return found


def _ours(name: str) -> str:
    plain = name.strip().lower().replace("_", "")
    return next((ours for ours, theirs in names.items() if plain in theirs), f"other {name}")
