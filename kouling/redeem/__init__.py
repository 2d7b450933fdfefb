"""Redeem: a pasted text becomes a redemption, or a refusal that says why."""

from kouling.redeem.records import Redemption, Refusal, RefusalReason, Touchpoint, Trace
from kouling.redeem.resolve import kept_text, read_paste, windows_of
from kouling.redeem.table import (
    Visit,
    redeem_paste,
    redemption_faults,
    redemption_table,
    touchpoints,
    touchpoints_max,
)

__all__ = [
    "Redemption",
    "Refusal",
    "RefusalReason",
    "Touchpoint",
    "Trace",
    "Visit",
    "kept_text",
    "read_paste",
    "redeem_paste",
    "redemption_faults",
    "redemption_table",
    "touchpoints",
    "touchpoints_max",
    "windows_of",
]
