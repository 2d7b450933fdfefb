"""The one place that asks what time it is.

All times in Kouling are aware datetimes in UTC. An engine takes a `Clock`; tests and
simulations give it a `ManualClock`, so that a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from kouling.errors import InvalidInput

time_min, time_max = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""The first time that verbs take, and the first that they don't take any more."""

_zone = "add one, such as +08:00"
_years = f"the years {time_min.year} to {time_max.year - 1} are taken"

Clock = Callable[[], datetime]
"""Returns the present time, aware and in UTC."""


def now() -> datetime:
    """Return the system's time in UTC."""
    return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, at: datetime) -> None:
        self.at = in_utc(at)

    def __call__(self) -> datetime:
        """Return the time at which the clock stands."""
        return self.at

    def advance(self, **step: float) -> datetime:
        """Move by `timedelta(**step)`, negative steps included, and return the new time."""
        self.at += timedelta(**step)
        return self.at


def in_utc(at: datetime) -> datetime:
    """Return the same moment in UTC; raise `InvalidInput` for a time without a zone."""
    if at.tzinfo is None:
        raise InvalidInput(f"time {at.isoformat()} has no zone", hint=_zone)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(
            f"time {at.isoformat()} is out of range in UTC", hint="give it in UTC"
        ) from None


def check_time(at: datetime, name: str, where: str = "") -> None:
    """Raise `InvalidInput` for a time without a zone, before 1970 or after 2999."""
    message = f"{name} {at.isoformat()}"
    if at.utcoffset() is None:
        raise InvalidInput(f"{message} has no zone", hint=_zone, where=where)
    if not time_min <= at < time_max:
        raise InvalidInput(f"{message} is out of range", hint=_years, where=where)


def check_day(day: date, name: str, where: str = "") -> None:
    """Raise `InvalidInput` for a date before 1970 or after 2999."""
    if not time_min.year <= day.year < time_max.year:
        message = f"{name} {day.isoformat()} is no day that is kept"
        raise InvalidInput(message, hint=_years, where=where)


def read_time(text: str) -> datetime:
    """Read an ISO 8601 time or date; a bare date is midnight UTC.

    Raises `InvalidInput` for anything else.
    """
    try:
        at = datetime.fromisoformat(text)
        return in_utc(at.replace(tzinfo=UTC) if len(text) <= len("2018-05-29") else at)
    except InvalidInput:
        raise
    except ValueError:
        raise InvalidInput(
            f"{text!r:.60} is not a time", hint="write 2018-05-29 or 2018-05-29T00:00:00+08:00"
        ) from None
