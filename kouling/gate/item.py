"""An item is checked before anything else looks at it: limits, ids, and what its surface needs."""

from __future__ import annotations

from typing import Any

import msgspec

from kouling.errors import InvalidInput, LimitExceeded
from kouling.eventlog import Request, natural_key
from kouling.gate.picture import Picture, digest_of
from kouling.gate.records import (
    Item,
    Surface,
    audience_max,
    picture_bytes_max,
    pictures_max,
    queue_max,
    reason_max,
    text_length_max,
)
from kouling.ids import check_id
from kouling.text import check_characters

_needs = {Surface.direct: "to", Surface.group: "group", Surface.comment: "under"}


def checked_item(item: Item) -> Item:
    """Return an item that can be kept; raise `InvalidInput` or `LimitExceeded` if it can't."""
    check_id(item.id, "item id")
    check_id(item.author, "author id")
    checked = checked_content(item)
    _check_address(item)
    return checked


def checked_content(item: Item) -> Item:
    """Return an item of which can be judged what stands in it; raise if it can't be.

    Whom it is from and addressed to matters only to those who keep it. Its pictures are `Picture`s
    from here on, so that their bytes are hashed once.
    """
    check_text(item.text)
    if type(item.surface) is not Surface:
        Surface.named(item.surface)
    if not item.pictures:
        return item
    check_pictures(item.pictures)
    return msgspec.structs.replace(item, pictures=tuple(map(Picture, item.pictures)))


def check_text(text: str) -> None:
    """Raise unless a text is short enough and made of Unicode characters that can be stored."""
    if len(text) > text_length_max:
        raise LimitExceeded(
            f"the text has {len(text)} characters", hint=f"at most {text_length_max} are taken"
        )
    check_characters(text, "text")


def check_size(size: int) -> None:
    """Raise `InvalidInput` for a listing of no rows, or of too many."""
    if not 1 <= size <= queue_max:
        hint = f"ask for 1 to {queue_max}"
        raise InvalidInput(f"{size} rows can't be listed", hint=hint)


def check_reason(reason: str, of: str) -> None:
    """Raise `InvalidInput` or `LimitExceeded` unless the reason of a review or ban can be kept."""
    check_text(reason)
    if not reason.strip():
        raise InvalidInput(f"a {of} needs a reason", hint="say in words why it is decided so")
    if len(reason) > reason_max:
        message = f"the reason has {len(reason)} characters"
        raise LimitExceeded(message, hint=f"at most {reason_max} are taken")


def check_pictures(pictures: tuple[bytes, ...]) -> None:
    """Raise `LimitExceeded` unless pictures are few, small and not empty."""
    if len(pictures) > pictures_max:
        raise LimitExceeded(f"{len(pictures)} pictures", hint=f"at most {pictures_max} are taken")
    for place, picture in enumerate(pictures, 1):
        if not 0 < len(picture) <= picture_bytes_max:
            raise LimitExceeded(
                f"picture {place} has {len(picture)} bytes",
                hint=f"1 to {picture_bytes_max} are taken",
            )


def request_of(item: Item) -> Request:
    """Return the request to gate this item, which its id identifies; pictures are digests."""
    body: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(item, pictures=()))
    body["pictures"] = [digest_of(picture) for picture in item.pictures]
    return Request("gate", natural_key(item.id), body)


def _check_address(item: Item) -> None:
    for surface, field in _needs.items():
        value = getattr(item, field)
        if surface == item.surface:
            if value is None:
                raise InvalidInput(f"a {surface} item needs {field!r}", hint=f"set {field}=…")
            check_id(value, field)
        elif value is not None:
            raise InvalidInput(f"a {item.surface} item has no {field!r}", hint=f"leave {field} out")
    if item.audience is None:
        return
    if item.surface != Surface.moments:
        raise InvalidInput("only moments have an audience", hint="leave audience out")
    if len(item.audience) > audience_max:
        raise LimitExceeded(f"an audience of {len(item.audience)}", hint=f"at most {audience_max}")
    for user in item.audience:
        check_id(user, "audience")
