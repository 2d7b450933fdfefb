"""What deliver gives out: pages of places, each with the reason why the viewer sees it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kouling.gate import Item, Surface
from kouling.ids import UserId

page_size_max = 100
"""Places on a page."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One item on a page; `reason` says why this viewer sees it."""

    item: Item
    posted_at: datetime
    reason: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a viewer may see of a surface, newest first; `cursor` leads on, None ends it."""

    viewer: UserId
    surface: Surface
    places: tuple[Place, ...] = ()
    cursor: str | None = None
