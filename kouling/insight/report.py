"""Insight's reports by name: each reads what it needs of a day and becomes one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from kouling.clock import read_time
from kouling.db import Connection
from kouling.errors import InvalidInput
from kouling.insight.funnel import funnel
from kouling.insight.loyalty import loyalty
from kouling.insight.pictures import pictures
from kouling.insight.records import Day, Table

Report = Callable[[Connection, Day], Table]

reports: Mapping[str, Report] = MappingProxyType(
    {
        "funnel": funnel,
        "loyalty": loyalty,
        "pictures": pictures,
    }
)
"""The tables that insight can make."""


def tabulate(connection: Connection, name: str, day: date) -> Table:
    """Return the named table for a day (UTC); raise `InvalidInput` for an unknown name."""
    if name not in reports:
        raise InvalidInput(f"insight has no {name!r:.60}", hint=f"one of: {', '.join(reports)}")
    if not isinstance(day, date) or day == date.max:
        raise InvalidInput(f"{day!r:.60} is no day with an end", hint="give a date")
    since = read_time(day.isoformat())
    return reports[name](connection, Day(since, since + timedelta(days=1)))
