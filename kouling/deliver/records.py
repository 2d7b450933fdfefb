"""What deliver takes in and gives out: pages of places, likes of the past, recipients of a push.

Trials have their records in `trial`, paid places theirs in `market`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from kouling.deliver.market.records import Disclosure
from kouling.deliver.reasons import PlaceReason
from kouling.deliver.trial.records import Stage, TrialStep
from kouling.gate import Item, Surface
from kouling.ids import ItemId, UserId

page_size_max = 100
"""Places on a page."""

missing_named_max = 10
"""Items that are named where likes of missing ones are counted."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One item on a page; `reason` says why this viewer sees it.

    `because` is the liked item that spoke most for it, `trial` the stage of its trial where the
    place is one of the trial's, `disclosure` the mark of a paid place.
    """

    item: Item
    posted_at: datetime
    reason: PlaceReason
    because: ItemId | None = None
    trial: Stage | None = None
    disclosure: Disclosure | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a viewer may see of a surface; `cursor` leads on, None ends it.

    The interest feed is ranked, every other surface is newest first.
    """

    viewer: UserId
    surface: Surface
    places: tuple[Place, ...] = ()
    cursor: str | None = None


class FeedCandidate(msgspec.Struct, frozen=True):
    """An item that may take a place of the interest feed, and why; one on trial has its step."""

    item: ItemId
    author: UserId
    reason: PlaceReason
    because: ItemId | None = None
    step: TrialStep | None = None


class PastLike(msgspec.Struct, frozen=True, kw_only=True):
    """A like that was given elsewhere, at a time, or with None at an unknown one."""

    user: UserId
    item: ItemId
    at: datetime | None = None


class LikeImport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of likes that were given elsewhere.

    `added` are new, `known` were imported or given here before, even if they were taken back
    since; `missing` are of items that their users can't see, and `missing_items` some of these.
    """

    added: int = 0
    known: int = 0
    missing: int = 0
    missing_items: tuple[ItemId, ...] = ()

    def plus(self, other: LikeImport) -> LikeImport:
        """Return what became of these likes and the others together."""
        named = dict.fromkeys((*self.missing_items, *other.missing_items))
        return LikeImport(
            added=self.added + other.added,
            known=self.known + other.known,
            missing=self.missing + other.missing,
            missing_items=tuple(named)[:missing_named_max],
        )


class Recipient(msgspec.Struct, frozen=True):
    """A user to push an item to, and its score."""

    user: UserId
    score: float
