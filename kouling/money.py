"""Money as integers in minor units of one currency.

There is one rounding rule in Kouling: a share of an amount is rounded down, so that what is
given out never exceeds what is there.
"""

from __future__ import annotations

import re

import msgspec

from kouling.errors import CurrencyMismatch, InvalidInput, LimitExceeded

minor_max = 10**15
"""Largest amount in minor units: exact in a 64-bit integer and in JSON."""

bps_max = 10_000
"""Basis points in a whole."""

minor_digits = {"CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "HKD": 2, "JPY": 0, "KRW": 0}
"""Decimals shown per currency (ISO 4217); others show two."""

_signs = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


class Money(msgspec.Struct, frozen=True, order=False):
    """An amount in minor units, such as `Money(19900, "CNY")` for ¥199.00.

    Raises `InvalidInput` for a currency that is not three capital letters and
    `LimitExceeded` beyond 10^15 minor units either way.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise InvalidInput(
                f"amount {self.minor!r} is not a whole number", hint="count in minor units"
            )
        if not isinstance(self.currency, str) or not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise InvalidInput(
                f"currency {self.currency!r:.20} is unknown", hint="use ISO 4217, such as CNY"
            )
        if abs(self.minor) > minor_max:
            raise LimitExceeded(f"amount {self.minor} is beyond {minor_max} minor units")

    def __add__(self, other: Money) -> Money:
        self.check_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self.check_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __str__(self) -> str:
        digits = minor_digits.get(self.currency, 2)
        whole, rest = divmod(abs(self.minor), 10**digits)
        number = f"{whole:,}.{rest:0{digits}d}" if digits else f"{whole:,}"
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{_signs.get(self.currency, self.currency + ' ')}{number}"

    def part(self, numerator: int, denominator: int) -> Money:
        """Return `numerator / denominator` of the amount, rounded down."""
        return Money(self.minor * numerator // denominator, self.currency)

    def bps(self, rate_bps: int) -> Money:
        """Return `rate_bps` basis points of the amount, rounded down."""
        return self.part(rate_bps, bps_max)

    def check_currency(self, other: Money) -> None:
        """Raise `CurrencyMismatch` unless both amounts are of one currency."""
        if self.currency != other.currency:
            raise CurrencyMismatch(
                f"{self} and {other} are of two currencies",
                hint=f"give the amount in {self.currency}",
            )


def check_positive(amount: Money, what: str) -> None:
    """Raise `InvalidInput` unless `amount` is above zero."""
    if amount.minor <= 0:
        raise InvalidInput(f"{what} {amount} is not above zero", hint="give a positive amount")
