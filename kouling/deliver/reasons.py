"""Why a place is on a page: as data, which `kouling.words` puts into sentences."""

from __future__ import annotations

import enum

import msgspec

from kouling.deliver.trial import Stage, Trial
from kouling.gate import Item, Surface
from kouling.ids import ItemId, UserId


class PlaceReasonKind(enum.StrEnum):
    """What brought an item before a viewer."""

    own = "own"
    direct = "direct"
    group = "group"
    friend = "friend"
    comment = "comment"
    newest = "newest"
    favourite = "favourite"
    liked = "liked"
    first_audience = "first_audience"
    well_tried = "well_tried"
    paid = "paid"


class PlaceReason(msgspec.Struct, frozen=True):
    """Why a viewer sees an item: `about` and `of` are names and numbers that belong to the kind.

    `about` is the group, the item commented on, the liked item, or how many people an item on
    trial is promised to, or was liked by; `of` is how many of whom.
    """

    kind: PlaceReasonKind
    about: str = ""
    of: str = ""


favourite_reason = PlaceReason(PlaceReasonKind.favourite)
newest_reason = PlaceReason(PlaceReasonKind.newest)
paid_reason = PlaceReason(PlaceReasonKind.paid)


def addressed_reason(item: Item, viewer: UserId) -> PlaceReason:
    """Say why a viewer sees an item of a surface that isn't ranked."""
    if item.author == viewer:
        return PlaceReason(PlaceReasonKind.own)
    reasons = {
        Surface.direct: PlaceReason(PlaceReasonKind.direct),
        Surface.group: PlaceReason(PlaceReasonKind.group, item.group or ""),
        Surface.moments: PlaceReason(PlaceReasonKind.friend),
        Surface.comment: PlaceReason(PlaceReasonKind.comment, item.under or ""),
    }
    return reasons.get(item.surface, newest_reason)


def liked_reason(because: ItemId) -> PlaceReason:
    """Say that a like spoke for an item."""
    return PlaceReason(PlaceReasonKind.liked, because)


def trial_reason(trial: Trial) -> PlaceReason:
    """Say why a viewer is given an item on trial."""
    if trial.stage == Stage.first:
        return PlaceReason(PlaceReasonKind.first_audience, str(trial.guaranteed))
    return PlaceReason(PlaceReasonKind.well_tried, str(trial.likes), str(trial.impressions))
