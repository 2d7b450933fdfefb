"""Every error that Kouling raises, as one tree.

KoulingError
├── InvalidInput (ValueError)        what the caller gave can't be used
│   ├── WrongType (TypeError)        it is of another type than the verb takes
│   ├── LimitExceeded                it is larger than a stated limit
│   ├── CurrencyMismatch             amounts of two currencies meet
│   └── PolicyError                  a policy file is wrong, with file, line and column
├── NotFound (LookupError)           an id leads nowhere
├── Conflict                         it contradicts what is already recorded
│   └── IdempotencyConflict          a key comes again with another request
├── LedgerError                      an entry breaks a rule of double entry
├── ClockWentBack                    the clock shows an earlier time than the event log
├── ClockWentAhead                   the clock shows a time that can't be right yet
└── StoreError (OSError)             the database can't be used
    ├── Overloaded                   more writes are waiting than the queue holds
    └── DeadlineExceeded             no answer came in time

Expected outcomes (`Decision`, `Refusal`) are values and not in this tree.
"""

from __future__ import annotations

from collections.abc import Sequence


class KoulingError(Exception):
    """What every error of Kouling is.

    `message` says what is wrong, `hint` what to do, `where` the place it was found;
    all three stand in `str(error)`.
    """

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        self.message, self.hint, self.where = message, hint, where
        place = f"{where}: " if where else ""
        advice = f" Hint: {hint}." if hint else ""
        super().__init__(f"{place}{message}.{advice}")


class InvalidInput(KoulingError, ValueError):
    """What the caller gave can't be used."""


class WrongType(InvalidInput, TypeError):
    """What the caller gave is of another type than the verb takes, or has no place in it."""


class LimitExceeded(InvalidInput):
    """What the caller gave is larger than a stated limit."""


class CurrencyMismatch(InvalidInput):
    """Amounts of two currencies were to be added or compared."""


class PolicyError(InvalidInput):
    """A policy file is wrong; `where` names file, line and column.

    `others` are what else is wrong in it; all of them stand in `str(error)`, a line each.
    """

    def __init__(
        self, message: str, *, hint: str = "", where: str = "", others: Sequence[PolicyError] = ()
    ) -> None:
        super().__init__(message, hint=hint, where=where)
        self.others = tuple(others)
        self.args = ("\n".join([*self.args, *map(str, others)]),)


class NotFound(KoulingError, LookupError):
    """An id leads nowhere."""


class Conflict(KoulingError):
    """The request contradicts what is already recorded."""


class IdempotencyConflict(Conflict):
    """An idempotency key came again with another request."""


class LedgerError(KoulingError):
    """An entry breaks a rule of double entry."""


class ClockWentBack(KoulingError):
    """The clock shows an earlier time than the event log already holds."""


class ClockWentAhead(KoulingError):
    """The clock shows a time so far ahead that the event log must not take it over."""


class StoreError(KoulingError, OSError):
    """The database can't be used."""


class Overloaded(StoreError):
    """More writes are waiting than the queue holds; try again later."""


class DeadlineExceeded(StoreError):
    """No answer came in time; the message says whether anything may have been written."""
