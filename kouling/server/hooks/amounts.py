"""Amounts as shops write them, such as "199.00" and EUR, become money."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from kouling.errors import InvalidInput
from kouling.money import Money, minor_digits, minor_max

digits_max = 40
"""Characters of an amount that are read."""


def money_of(amount: str, currency: str) -> Money:
    """Return a decimal amount as money; raise `InvalidInput` unless it is whole in minor units."""
    unit = Money(0, currency.upper())
    try:
        minor = Decimal(amount[:digits_max]).scaleb(minor_digits[unit.currency])
        whole = minor.is_finite() and abs(minor) <= minor_max and minor == minor.to_integral_value()
    except InvalidOperation:
        whole = False
    if len(amount) > digits_max or not whole:
        message = f"{amount!r:.60} is no amount in {unit.currency}"
        raise InvalidInput(message, hint="write it like 199.00")
    return Money(int(minor), unit.currency)
