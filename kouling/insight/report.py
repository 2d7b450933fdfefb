"""Insight's reports by name: each reads what it needs and becomes one table."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kouling.clock import read_time
from kouling.db import Connection
from kouling.errors import InvalidInput
from kouling.ids import UserId, check_id
from kouling.insight.funnel import funnel
from kouling.insight.loyalty import loyalty, overlap_of, steadiness_of
from kouling.insight.pictures import pictures
from kouling.insight.records import Overlap, Steadiness, Table
from kouling.insight.table import (
    audience_sizes,
    commission_sums,
    likes_per_item,
    picture_costs,
    pictures_not_inspected,
    pictures_posted,
    shared_audience,
    stage_counts,
)

reports = ("funnel", "loyalty", "pictures")
"""The tables that insight can make."""


def tabulate(connection: Connection, name: str, day: date) -> Table:
    """Return the named table for a day (UTC); raise `InvalidInput` for an unknown name."""
    if name not in reports:
        raise InvalidInput(f"insight has no {name!r:.60}", hint=f"one of: {', '.join(reports)}")
    if not isinstance(day, date) or day == date.max:
        raise InvalidInput(f"{day!r:.60} is no day with an end", hint="give a date")
    since = read_time(day.isoformat())
    until = since + timedelta(days=1)
    if name == "loyalty":
        return loyalty(likes_per_item(connection, until), audience_sizes(connection, until))
    if name == "pictures":
        costs = picture_costs(connection, since, until)
        missed = pictures_not_inspected(connection, since, until)
        return pictures(pictures_posted(connection, since, until), costs, missed)
    counts = stage_counts(connection, since, until)
    return funnel(counts, commission_sums(connection, since, until))


def steadiness(connection: Connection, creator: UserId, at: datetime) -> Steadiness:
    """Return how steady a creator's likes are, of all items and likes up to a moment."""
    check_id(creator, "creator id")
    until = at + timedelta.resolution
    counts = likes_per_item(connection, until, creator).get(creator, [])
    sizes = audience_sizes(connection, until, creator).get(creator, (0, 0))
    return steadiness_of(creator, counts, sizes)


def overlap(connection: Connection, creator: UserId, other: UserId) -> Overlap:
    """Return how far two creators' audiences are the same people."""
    check_id(creator, "creator id")
    check_id(other, "other creator's id")
    return overlap_of(*shared_audience(connection, creator, other))
