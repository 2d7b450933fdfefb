"""Insight: all rooms become numbers. It only reads."""

from kouling.insight.funnel import funnel
from kouling.insight.records import Table
from kouling.insight.report import reports, tabulate

__all__ = ["Table", "funnel", "reports", "tabulate"]
