"""A trial and its steps, as they are kept, logged and shown to the creator."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from kouling.ids import ItemId, UserId


class Stage(enum.IntEnum):
    """How far a trial has come: audiences of g, 4 g and 16 g people, then everyone."""

    first = 0
    second = 1
    third = 2
    everyone = 3


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
    """What a creator sees of a trial: its state, and all its steps."""

    trial: Trial
    steps: tuple[TrialStep, ...] = ()
