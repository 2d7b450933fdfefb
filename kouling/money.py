"""Money as integers in minor units of one currency.

There is one rounding rule in Kouling: a share of an amount is rounded down, so that what is
given out never exceeds what is there.
"""

from __future__ import annotations

import msgspec

from kouling.errors import CurrencyMismatch, InvalidInput, LimitExceeded

minor_max = 10**15
"""Largest amount in minor units: exact in a 64-bit integer and in JSON."""

bps_max = 10_000
"""Basis points in a whole."""

_current = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
    CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD
    LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
    PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW
    ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""Decimals → the currencies of ISO 4217 (table A.1 of 1 January 2026) that have so many."""

_dropped = {
    0: "ADP BYR ESP ITL LUF MGF PTE TRL ROL BEF GRD",
    2: """
    ANG ATS AFA AZM BGN CSD CUC CYP DEM EEK FIM FRF GHC HRK IEP LTL LVL MRO MTL MZM NLG SDD SIT SKK
    SLL SRG STD TMM VEB VEF XEU YUM ZMK ZWD ZWL ZWN ZWR
    """,
}
"""The same of currencies that are no longer issued: amounts in them are read, and not taken."""

minor_digits = {
    code: digits
    for era in (_dropped, _current)
    for digits, codes in era.items()
    for code in codes.split()
}
"""Decimals of each currency."""

dropped = frozenset(" ".join(_dropped.values()).split())
"""Currencies in which no new amount is taken."""

without_minor = frozenset(
    ["XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"]
)
"""Codes of ISO 4217 for metals, funds and tests, which count in no minor unit."""

_signs = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


class Money(msgspec.Struct, frozen=True, order=False):
    """An amount in minor units, such as `Money(19900, "CNY")` for ¥199.00.

    Raises `InvalidInput` for a currency that ISO 4217 doesn't have and `LimitExceeded` beyond
    10^15 minor units either way.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise InvalidInput(
                f"amount {self.minor!r} is not a whole number", hint="count in minor units"
            )
        if not isinstance(self.currency, str) or self.currency not in minor_digits:
            raise _no_currency(self.currency)
        if abs(self.minor) > minor_max:
            raise LimitExceeded(f"amount {self.minor} is beyond {minor_max} minor units")

    def __add__(self, other: Money) -> Money:
        self.check_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self.check_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __str__(self) -> str:
        digits = minor_digits[self.currency]
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
    """Raise `InvalidInput` unless `amount` is above zero, in a currency that is still issued."""
    if amount.minor <= 0:
        raise InvalidInput(f"{what} {amount} is not above zero", hint="give a positive amount")
    if amount.currency in dropped:
        raise InvalidInput(
            f"{what} {amount} is in a currency that is no longer issued",
            hint="give it in the one that took its place",
        )


def _no_currency(code: object) -> InvalidInput:
    known = isinstance(code, str) and code in without_minor
    why = "has no minor unit" if known else "is unknown"
    return InvalidInput(f"currency {code!r:.20} {why}", hint="use ISO 4217, such as CNY")
