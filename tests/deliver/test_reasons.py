"""Why a place is on a page, as data."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kouling.deliver import Stage, Trial
from kouling.deliver.reasons import PlaceReason, PlaceReasonKind, addressed_reason, trial_reason
from kouling.gate import Surface
from kouling.ids import GroupId, ItemId, UserId
from tests.samples import friend, item, seller

noon = datetime(2018, 5, 29, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"surface": Surface.direct, "to": friend}, PlaceReason(PlaceReasonKind.direct)),
        (
            {"surface": Surface.group, "group": GroupId("g")},
            PlaceReason(PlaceReasonKind.group, "g"),
        ),
        ({"surface": Surface.moments}, PlaceReason(PlaceReasonKind.friend)),
        (
            {"surface": Surface.comment, "under": ItemId("1")},
            PlaceReason(PlaceReasonKind.comment, "1"),
        ),
        ({"surface": Surface.market}, PlaceReason(PlaceReasonKind.newest)),
    ],
)
def test_a_surface_says_why_its_items_are_seen(
    options: dict[str, Any], reason: PlaceReason
) -> None:
    posted = item("2", **options)

    assert addressed_reason(posted, friend) == reason
    assert addressed_reason(posted, seller) == PlaceReason(PlaceReasonKind.own)


def test_a_viewer_is_told_the_stage_of_a_trial() -> None:
    known: dict[str, Any] = {"item": ItemId("1"), "author": UserId("creator"), "queued_at": noon}
    first = Trial(**known, guaranteed=50)
    later = Trial(**known, guaranteed=50, stage=Stage.second, impressions=60, likes=7)

    assert trial_reason(first) == PlaceReason(PlaceReasonKind.first_audience, "50")
    assert trial_reason(later) == PlaceReason(PlaceReasonKind.well_tried, "7", "60")
