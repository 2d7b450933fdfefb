"""Redeem: a pasted text becomes a redemption, or a refusal that says why."""

from kouling.redeem.records import Redemption, Refusal, RefusalReason, Touchpoint, Trace
from kouling.redeem.resolve import read_paste, resolve_paste, windows_of
from kouling.redeem.table import Visit, record_visit, redemption_table, touchpoints

__all__ = [
    "Redemption",
    "Refusal",
    "RefusalReason",
    "Touchpoint",
    "Trace",
    "Visit",
    "read_paste",
    "record_visit",
    "redemption_table",
    "resolve_paste",
    "touchpoints",
    "windows_of",
]
