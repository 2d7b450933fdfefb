"""What deliver takes in and gives out: pages of places, trials and their steps, placements."""

from __future__ import annotations

import enum
from datetime import date, datetime

import msgspec

from kouling.gate import Item, Surface
from kouling.ids import ItemId, UserId
from kouling.money import Money

page_size_max = 100
"""Places on a page."""

labels_max = 20
"""Labels of an item."""

label_length_max = 40
"""Characters in a label."""

query_length_max = 200
"""Characters in a search of the market."""

missing_named_max = 10
"""Items that are named where likes of missing ones are counted."""


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """The mark of a paid place: who pays, by which placement, and a sentence for the viewer."""

    placement: str
    advertiser: UserId
    text: str


class Stage(enum.IntEnum):
    """How far a trial has come: audiences of g, 4 g and 16 g people, then everyone."""

    first = 0
    second = 1
    third = 2
    everyone = 3


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One item on a page; `reason` says why this viewer sees it.

    `because` is the liked item that spoke most for it, `trial` the stage of its trial where the
    place is one of the trial's, `disclosure` the mark of a paid place.
    """

    item: Item
    posted_at: datetime
    reason: str
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


class StepKind(enum.StrEnum):
    """What happened in a trial."""

    start = "start"
    place = "place"
    like = "like"
    unlike = "unlike"
    hold = "hold"
    passed = "pass"
    end = "end"


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """One item's sampled like rate: the posterior it came from, the chance, and the value."""

    item: ItemId
    impressions: int
    likes: int
    chance: float
    sampled: float


class TrialStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of a trial and what it rests on, enough to compute it again.

    `impressions` and `likes` are those before the step. A place in the first stage is in the
    half of look-alikes (`alike`) or not; a later one was drawn: `draws` are the winner's and its
    best rivals', all from the prior `mean`. `bar` and `probability` tell why a stage was passed
    or held; `guaranteed` is the first audience that a start promises.
    """

    kind: StepKind
    at: datetime
    stage: Stage = Stage.first
    impressions: int = 0
    likes: int = 0
    guaranteed: int = 0
    viewer: UserId | None = None
    alike: bool = False
    mean: float = 0.0
    draws: tuple[Draw, ...] = ()
    bar: float = 0.0
    probability: float = 0.0


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """The state of an item's trial; `guaranteed` is 0 until it starts.

    `impressions` are the places that the trial gave, `alike` those of them to look-alikes of
    the creator's audience, `likes` the likes of the people whom it reached.
    """

    item: ItemId
    author: UserId
    guaranteed: int = 0
    stage: Stage = Stage.first
    impressions: int = 0
    alike: int = 0
    likes: int = 0
    queued_at: datetime
    started_at: datetime | None = None
    passed_at: datetime | None = None
    ended_at: datetime | None = None


class TrialReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a creator sees of a trial: its state, its story in a sentence, and all its steps."""

    trial: Trial
    why: str
    steps: tuple[TrialStep, ...] = ()


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """A paid place in the market: an item, what a viewer's look at it is worth, and the budget.

    A placement is charged once for a viewer and day (UTC), at most `bid` and never more than
    `daily_budget` in all.
    """

    id: str
    advertiser: UserId
    item: ItemId
    bid: Money
    daily_budget: Money


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What a placement owes for a viewer's look on a day (UTC): once, and at most its bid."""

    placement: str
    advertiser: UserId
    viewer: UserId
    day: date
    amount: Money


class PastLike(msgspec.Struct, frozen=True, kw_only=True):
    """A like that was given elsewhere, at a time, or with None at an unknown one."""

    user: UserId
    item: ItemId
    at: datetime | None = None


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of likes that were given elsewhere.

    `added` are new, `known` were imported or given here before, even if they were taken back
    since; `missing` are of items that their users can't see, and `missing_items` some of these.
    """

    added: int = 0
    known: int = 0
    missing: int = 0
    missing_items: tuple[ItemId, ...] = ()

    def plus(self, other: Imported) -> Imported:
        """Return what became of these likes and the others together."""
        named = dict.fromkeys((*self.missing_items, *other.missing_items))
        return Imported(
            added=self.added + other.added,
            known=self.known + other.known,
            missing=self.missing + other.missing,
            missing_items=tuple(named)[:missing_named_max],
        )


class Reached(msgspec.Struct, frozen=True):
    """A user whom an item should be pushed to, and its score."""

    user: UserId
    score: float
