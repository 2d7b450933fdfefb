"""The one place that asks what time it is.

All times in Kouling are aware datetimes in UTC. An engine takes a `Clock`; tests and
simulations give it a `ManualClock`, so that a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kouling.errors import InvalidInput

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
        raise InvalidInput(f"time {at.isoformat()} has no zone", hint="add one, such as +08:00")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(
            f"time {at.isoformat()} is before or after all years in UTC", hint="give it in UTC"
        ) from None


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
