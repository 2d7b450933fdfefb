import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import CurrencyMismatch, InvalidInput, LimitExceeded
from kouling.money import Money, minor_max

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
    ],
)
def test_money_is_shown_as_people_write_it(money: Money, text: str) -> None:
    assert str(money) == text
