"""Redeem: a pasted text becomes a redemption, or a refusal that says why."""

from kouling.redeem.records import Redemption, Refusal, RefusalReason, Touchpoint, Trace, Windows
from kouling.redeem.resolve import Paste, read_paste, resolve, windows_of
from kouling.redeem.table import Visit, record_visit, redemption_table, touchpoints

__all__ = [
    "Paste",
    "Redemption",
    "Refusal",
    "RefusalReason",
    "Touchpoint",
    "Trace",
    "Visit",
    "Windows",
    "read_paste",
    "record_visit",
    "redemption_table",
    "resolve",
    "touchpoints",
    "windows_of",
]
