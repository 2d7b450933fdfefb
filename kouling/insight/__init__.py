"""Insight: all rooms become numbers. It only reads."""

from kouling.insight.loyalty import overlap, steadiness
from kouling.insight.records import Overlap, Steadiness, Table
from kouling.insight.report import reports, tabulate

__all__ = [
    "Overlap",
    "Steadiness",
    "Table",
    "overlap",
    "reports",
    "steadiness",
    "tabulate",
]
