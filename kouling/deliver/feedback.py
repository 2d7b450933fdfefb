"""Feedback that was exported from gorse comes in, likes of the past come out.

gorse writes one JSON object a line, with `FeedbackType`, `UserId`, `ItemId` and `Timestamp` (RFC
3339); some of its types are likes. A row that can't be read carries the reason with its line, and
its neighbours are read as if it were not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from kouling.clock import in_utc
from kouling.deliver.records import PastLike
from kouling.errors import InvalidInput
from kouling.ids import ItemId, UserId, check_id


class FeedbackRow(NamedTuple):
    """One row of feedback: its type, and the like that it is or what is wrong with it.

    With neither it is of a type that is no like.
    """

    type: str
    like: PastLike | None = None
    problem: InvalidInput | None = None


_hint = "gorse exports one JSON object a line; mend the row and import again"


class _Feedback(msgspec.Struct, rename="pascal"):
    """What gorse keeps of one feedback; its value and comment say nothing to us."""

    feedback_type: str
    user_id: str
    item_id: str
    timestamp: datetime | None = None


def read_feedback(
    lines: Iterable[bytes], name: str, types: Iterable[str] = ("like",)
) -> Iterator[FeedbackRow]:
    """Read exported feedback, line by line; `types` are those that are likes."""
    wanted = frozenset(types)
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(line, f"{name}:{number}", wanted)


def _row(line: bytes, where: str, wanted: frozenset[str]) -> FeedbackRow:
    try:
        found = msgspec.json.decode(line, type=_Feedback)
        if found.feedback_type not in wanted:
            return FeedbackRow(found.feedback_type)
        return FeedbackRow(found.feedback_type, like=_like(found))
    except InvalidInput as error:
        message, hint = error.message, error.hint
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        message, hint = f"no feedback of gorse: {error}", _hint
    return FeedbackRow("", problem=InvalidInput(message, hint=hint, where=where))


def _like(found: _Feedback) -> PastLike:
    check_id(found.user_id, "UserId")
    check_id(found.item_id, "ItemId")
    at = None if found.timestamp is None else in_utc(found.timestamp)
    return PastLike(user=UserId(found.user_id), item=ItemId(found.item_id), at=at)
