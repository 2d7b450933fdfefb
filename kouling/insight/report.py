"""Insight's reports by name: each reads what it needs and becomes one table."""

from __future__ import annotations

from datetime import date, timedelta

from kouling.clock import read_time
from kouling.db import Connection
from kouling.errors import InvalidInput
from kouling.insight.funnel import funnel
from kouling.insight.records import Table
from kouling.insight.table import commission_sums, stage_counts

reports = ("funnel",)
"""The tables that insight can make."""


def tabulate(connection: Connection, name: str, day: date) -> Table:
    """Return the named table for a day (UTC); raise `InvalidInput` for an unknown name."""
    if name not in reports:
        raise InvalidInput(f"insight has no {name!r:.60}", hint=f"one of: {', '.join(reports)}")
    since = read_time(day.isoformat())
    until = since + timedelta(days=1)
    counts = stage_counts(connection, since, until)
    return funnel(counts, commission_sums(connection, since, until))
