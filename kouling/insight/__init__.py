"""Insight: all rooms become numbers. It only reads."""

from kouling.insight.loyalty import overlap, steadiness
from kouling.insight.records import Cell, Overlap, Steadiness, Table
from kouling.insight.report import reports, tabulate

__all__ = [
    "Cell",
    "Overlap",
    "Steadiness",
    "Table",
    "overlap",
    "reports",
    "steadiness",
    "tabulate",
]
