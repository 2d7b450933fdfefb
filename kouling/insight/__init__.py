"""Insight: all rooms become numbers. It only reads."""

from kouling.insight.funnel import funnel
from kouling.insight.loyalty import loyalty
from kouling.insight.records import Overlap, Table
from kouling.insight.report import overlap, reports, tabulate

__all__ = ["Overlap", "Table", "funnel", "loyalty", "overlap", "reports", "tabulate"]
