"""Deliver: a viewer becomes a page of items that it may see.

What fits models is loaded when it is first asked for, since it takes a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kouling.deliver.feed import Feed
from kouling.deliver.feedback import FeedbackRow, read_feedback
from kouling.deliver.live import LiveFeed
from kouling.deliver.page import Asked, PageOptions, ask_page, check_labels
from kouling.deliver.records import (
    Charge,
    Disclosure,
    Draw,
    Imported,
    Page,
    PastLike,
    Place,
    Placement,
    Reached,
    Stage,
    StepKind,
    Trial,
    TrialReport,
    TrialStep,
)
from kouling.deliver.surface import LiveSurfaces, check_placement
from kouling.deliver.table import (
    add_block,
    add_follow,
    add_friendship,
    add_impressions,
    add_like,
    add_member,
    add_placement,
    carriers,
    charge_table,
    follow_decision,
    follow_table,
    impression_table,
    like_key,
    like_table,
    placement_table,
    read_page,
    remove_block,
    remove_like,
    report_trial,
    set_labels,
    spent_on,
    stop_placement,
    unlike_key,
    visible_among,
    welcome,
)
from kouling.deliver.trial import recompute

if TYPE_CHECKING:
    from kouling.deliver.fitting import (
        AudienceOf,
        Chosen,
        Kind,
        LikeMatrix,
        Manifest,
        Model,
        Options,
        Parameters,
        Quality,
        audience,
        check_not_worse,
        choose,
        fit,
        fit_with,
        like_matrix,
        load_likes,
        load_model,
        measure,
        read_likes,
        read_split,
        save_model,
    )

__all__ = [
    "Asked",
    "AudienceOf",
    "Charge",
    "Chosen",
    "Disclosure",
    "Draw",
    "Feed",
    "FeedbackRow",
    "Imported",
    "Kind",
    "LikeMatrix",
    "LiveFeed",
    "LiveSurfaces",
    "Manifest",
    "Model",
    "Options",
    "Page",
    "PageOptions",
    "Parameters",
    "PastLike",
    "Place",
    "Placement",
    "Quality",
    "Reached",
    "Stage",
    "StepKind",
    "Trial",
    "TrialReport",
    "TrialStep",
    "add_block",
    "add_follow",
    "add_friendship",
    "add_impressions",
    "add_like",
    "add_member",
    "add_placement",
    "ask_page",
    "audience",
    "carriers",
    "charge_table",
    "check_labels",
    "check_not_worse",
    "check_placement",
    "choose",
    "fit",
    "fit_with",
    "follow_decision",
    "follow_table",
    "impression_table",
    "like_key",
    "like_matrix",
    "like_table",
    "load_likes",
    "load_model",
    "measure",
    "placement_table",
    "read_feedback",
    "read_likes",
    "read_page",
    "read_split",
    "recompute",
    "remove_block",
    "remove_like",
    "report_trial",
    "save_model",
    "set_labels",
    "spent_on",
    "stop_placement",
    "unlike_key",
    "visible_among",
    "welcome",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"kouling.deliver has no {name!r}")
    from kouling.deliver import fitting

    return getattr(fitting, name)
