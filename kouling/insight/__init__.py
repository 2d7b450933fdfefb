"""Insight: all rooms become numbers. It only reads."""

from kouling.insight.funnel import funnel
from kouling.insight.loyalty import loyalty
from kouling.insight.records import Cell, Overlap, Steadiness, Table
from kouling.insight.report import overlap, reports, steadiness, tabulate

__all__ = [
    "Cell",
    "Overlap",
    "Steadiness",
    "Table",
    "funnel",
    "loyalty",
    "overlap",
    "reports",
    "steadiness",
    "tabulate",
]
