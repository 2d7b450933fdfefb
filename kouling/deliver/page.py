"""What may be asked of a page, and the cursor by which one page leads on to the next.

A cursor names the last place of its page by time and id, so that pages neither repeat nor skip
an item when new ones arrive. It belongs to one viewer and surface.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

import msgspec

from kouling.deliver.market.search import check_labels, check_query
from kouling.deliver.records import page_size_max
from kouling.errors import InvalidInput
from kouling.gate import Surface
from kouling.ids import ItemId, UserId, check_id

cursor_length_max = 1_024
"""Characters in a cursor."""

readable = frozenset(Surface) - {Surface.outbound_link, Surface.inbound_visit}
"""Surfaces that have pages; the others are passages."""


class Position(msgspec.Struct, frozen=True):
    """Where a page ended: microseconds of the last place, its item, and whose page it was."""

    at: int
    item: str
    reader: str


class PageRequest(NamedTuple):
    """A checked question for a page: whose, of what, how long, and after which place."""

    viewer: UserId
    surface: Surface
    size: int = 20
    under: ItemId | None = None
    query: str = ""
    labels: tuple[str, ...] = ()
    after: Position | None = None


class PageOptions(TypedDict, total=False):
    """What else may be asked of a page.

    `under` is the item that comments stand under; `query` and `labels` search the market.
    """

    size: int
    cursor: str | None
    under: ItemId | None
    query: str
    labels: Sequence[str]


def ask_page(viewer: UserId, surface: str, options: PageOptions) -> PageRequest:
    """Return a checked question for a page; raise `InvalidInput` if it can't be answered."""
    check_id(viewer, "viewer id")
    cursor = options.get("cursor")
    asked = PageRequest(
        viewer,
        _readable(surface),
        options.get("size", 20),
        options.get("under"),
        options.get("query", ""),
        check_labels(options.get("labels", ())),
    )
    if not isinstance(asked.size, int) or not 0 < asked.size <= page_size_max:
        raise InvalidInput(
            f"a page can't have {asked.size!r:.20} places", hint=f"ask for 1 to {page_size_max}"
        )
    if (asked.surface == Surface.comment) != (asked.under is not None):
        raise InvalidInput("comments, and nothing else, stand under an item", hint="set under=…")
    _check_search(asked)
    position = None if cursor is None else _read_cursor(cursor, _reader(asked))
    return asked._replace(after=position)


def _check_search(asked: PageRequest) -> None:
    check_query(asked.query)
    if (asked.query or asked.labels) and asked.surface != Surface.market:
        raise InvalidInput("the market alone is searched", hint="leave query and labels out")


def _readable(surface: str) -> Surface:
    if surface not in readable:
        raise InvalidInput(
            f"surface {surface!r:.60} has no pages", hint=f"one of: {', '.join(sorted(readable))}"
        )
    return Surface(surface)


def write_cursor(asked: PageRequest, at: int, item: ItemId) -> str:
    """Return the cursor that leads past a place; `at` is its time in microseconds."""
    position = Position(at, item, _reader(asked))
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode()


def _read_cursor(cursor: str, reader: str) -> Position:
    try:
        if not isinstance(cursor, str) or len(cursor) > cursor_length_max:
            raise ValueError
        position = msgspec.json.decode(base64.urlsafe_b64decode(cursor.encode()), type=Position)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        raise InvalidInput("the cursor can't be read", hint="begin without a cursor") from None
    if position.reader != reader or abs(position.at) >= 1 << 63:
        raise InvalidInput(
            "the cursor is of another page", hint="use it with the same viewer and surface"
        )
    return position


def _reader(asked: PageRequest) -> str:
    """A short name for whose page it is: a cursor is good for that page alone."""
    search = [asked.query, asked.labels] if asked.query or asked.labels else []
    asker = msgspec.json.encode([asked.viewer, asked.surface, asked.under, *search])
    return hashlib.sha256(asker).hexdigest()[:16]
