from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from kouling.clock import ManualClock, check_day, check_time, in_utc, now, read_time
from kouling.errors import InvalidInput
from tests.conftest import noon

beijing = timezone(timedelta(hours=8))


def test_now_is_aware_and_in_utc() -> None:
    assert now().utcoffset() == timedelta()


def test_a_manual_clock_stands_until_it_is_moved() -> None:
    clock = ManualClock(noon.astimezone(beijing))

    assert clock() == clock() == noon
    assert clock.advance(hours=1) == clock() == noon + timedelta(hours=1)
    assert clock.advance(hours=-2) == noon - timedelta(hours=1)


@pytest.mark.parametrize("text", ["2018-05-29", "2018-05-29T08:00:00+08:00", "2018-05-29T00:00Z"])
def test_a_time_is_read_in_utc(text: str) -> None:
    assert read_time(text) == datetime(2018, 5, 29, tzinfo=UTC)
    assert read_time(text).tzinfo is UTC


@pytest.mark.parametrize("text", ["", "today", "2018-13-01", "2018-05-29T00:00:00", "29.5.2018"])
def test_what_is_no_time_or_has_no_zone_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_time(text)


def test_a_moment_without_a_place_in_utc_is_refused() -> None:
    with pytest.raises(InvalidInput, match="out of range in UTC"):
        in_utc(datetime.min.replace(tzinfo=beijing))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (noon.replace(tzinfo=None), "no zone"),
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "out of range"),
        (datetime(3000, 1, 1, tzinfo=UTC), "out of range"),
        (datetime(9999, 12, 31, tzinfo=beijing), "out of range"),
    ],
)
def test_times_that_no_verb_takes_say_why(at: datetime, said: str) -> None:
    with pytest.raises(InvalidInput, match=rf"spot: until .*{said}"):
        check_time(at, "until", "spot")


def test_the_first_and_the_last_time_are_taken() -> None:
    check_time(datetime(1970, 1, 1, tzinfo=UTC), "until")
    check_time(datetime(3000, 1, 1, tzinfo=UTC) - timedelta.resolution, "until")
    check_day(date(1970, 1, 1), "day")
    check_day(date(2999, 12, 31), "day")


@pytest.mark.parametrize("day", [date.min, date(1969, 12, 31), date(3000, 1, 1), date.max])
def test_days_that_are_not_kept_are_refused(day: date) -> None:
    with pytest.raises(InvalidInput, match="no day that is kept"):
        check_day(day, "day")
