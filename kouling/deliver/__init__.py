"""Deliver: a viewer becomes a page of items that it may see.

`page` checks what is asked and `surface` knows who makes it: `feed` drafts pages of the interest
feed, in which `trial` gives new items their first places, `market` sells places, and `table`
finds what is newest. `reasons` says in words why.
"""

from kouling.deliver.feedback import FeedbackRow, read_feedback
from kouling.deliver.market.placement import check_placement
from kouling.deliver.market.records import Charge, Disclosure, Placement
from kouling.deliver.market.search import check_labels
from kouling.deliver.page import PageOptions, ask_page
from kouling.deliver.reasons import PlaceReason, PlaceReasonKind
from kouling.deliver.records import LikeImport, Page, PastLike, Recipient
from kouling.deliver.surface import LiveSurfaces
from kouling.deliver.table import (
    add_like,
    add_placement,
    carriers,
    charge_table,
    follow_decision,
    impression_table,
    like_faults,
    like_key,
    like_table,
    placement_table,
    remove_like,
    report_trial,
    set_labels,
    spent_on,
    stop_placement,
    unlike_key,
    visible_among,
    welcome,
)
from kouling.deliver.trial import Stage, StepKind, Trial, TrialReport, TrialStep, recompute

__all__ = [
    "Charge",
    "Disclosure",
    "FeedbackRow",
    "LikeImport",
    "LiveSurfaces",
    "Page",
    "PageOptions",
    "PastLike",
    "PlaceReason",
    "PlaceReasonKind",
    "Placement",
    "Recipient",
    "Stage",
    "StepKind",
    "Trial",
    "TrialReport",
    "TrialStep",
    "add_like",
    "add_placement",
    "ask_page",
    "carriers",
    "charge_table",
    "check_labels",
    "check_placement",
    "follow_decision",
    "impression_table",
    "like_faults",
    "like_key",
    "like_table",
    "placement_table",
    "read_feedback",
    "recompute",
    "remove_like",
    "report_trial",
    "set_labels",
    "spent_on",
    "stop_placement",
    "unlike_key",
    "visible_among",
    "welcome",
]
