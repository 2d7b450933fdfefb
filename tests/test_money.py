import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import CurrencyMismatch, InvalidInput, LimitExceeded
from kouling.money import (
    Money,
    check_positive,
    dropped,
    minor_digits,
    minor_max,
    without_minor,
)

amounts = st.integers(-(10**12), 10**12)


@given(amounts, amounts)
def test_what_is_added_can_be_taken_away(one: int, other: int) -> None:
    a, b = Money(one, "CNY"), Money(other, "CNY")

    assert a + b - b == a


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_part_is_rounded_down(minor: int, rate: int) -> None:
    part = Money(minor, "CNY").bps(rate)

    assert part.minor <= minor * rate / 10_000 < part.minor + 1 or minor > 10**11


def test_two_currencies_never_meet() -> None:
    with pytest.raises(CurrencyMismatch, match="in CNY"):
        Money(1, "CNY") + Money(1, "USD")


@pytest.mark.parametrize("currency", ["", "cny", "RMB ", "¥", "CNYX"])
def test_a_currency_is_three_capitals(currency: str) -> None:
    with pytest.raises(InvalidInput, match="ISO 4217"):
        Money(1, currency)


@pytest.mark.parametrize(
    ("currency", "why"), [("ZZZ", "unknown"), ("XXX", "no minor unit"), ("XAU", "no minor unit")]
)
def test_a_currency_is_one_of_the_standards(currency: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        Money(1, currency)


def test_the_standards_currencies_are_there() -> None:
    current = minor_digits.keys() - dropped
    assert (len(current), len(dropped), len(dropped & without_minor)) == (165, 48, 0)
    assert {code for code in current if minor_digits[code] == 3} == {
        *("BHD", "IQD", "JOD", "KWD"),
        *("LYD", "OMR", "TND"),
    }


def test_a_currency_that_is_no_longer_issued_is_read_and_not_taken() -> None:
    stored = Money(500, "HRK")

    assert str(stored) == "HRK 5.00"
    with pytest.raises(InvalidInput, match="no longer issued"):
        check_positive(stored, "price")


@pytest.mark.parametrize("minor", [1.5, "1", True, None])
def test_an_amount_is_a_whole_number(minor: object) -> None:
    with pytest.raises(InvalidInput, match="whole number"):
        Money(minor, "CNY")  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize("minor", [minor_max + 1, -minor_max - 1])
def test_an_amount_has_a_limit(minor: int) -> None:
    with pytest.raises(LimitExceeded):
        Money(minor, "CNY")


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(19_900, "CNY"), "¥199.00"),
        (Money(-5, "CNY"), "-¥0.05"),
        (Money(123_456_789, "USD"), "$1,234,567.89"),
        (Money(500, "JPY"), "JPY 500"),
        (Money(1_000, "KWD"), "KWD 1.000"),
        (Money(199, "VND"), "VND 199"),
        (Money(5_000, "ISK"), "ISK 5,000"),
        (Money(19_900, "CLF"), "CLF 1.9900"),
        (Money(19_900, "THB"), "THB 199.00"),
    ],
)
def test_money_is_shown_as_people_write_it(money: Money, text: str) -> None:
    assert str(money) == text
