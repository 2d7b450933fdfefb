"""What drivers and libraries raise becomes errors of Kouling, with place and hint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from kouling.errors import InvalidInput, KoulingError, StoreError

open_hint = "check the path and that the file is Kouling's, or the address and that a server runs"
use_hint = "see the database's own message"
_damage_hint = "look with `kouling database check` whether the database is damaged"

_unreadable = (ValueError, OverflowError)
"""What a byte that is not as it was written becomes where it is decoded; verbs check their own
arguments before."""


@contextmanager
def store_errors(where: str, hint: str = use_hint) -> Iterator[None]:
    """Raise what a database refuses within the block as `StoreError`."""
    try:
        yield
    except KoulingError:
        raise
    except (SQLAlchemyError, *_unreadable) as error:
        raise as_store_error(error, where, hint) from error


def as_store_error(error: BaseException, where: str, hint: str = use_hint) -> BaseException:
    """Return a database's refusal as `StoreError`, and any other error as it is."""
    if isinstance(error, UnicodeEncodeError):  # what an id or a text from JSON may hold
        message = f"{error.object!a:.60} has half a character"
        return InvalidInput(message, where=where, hint="send whole Unicode characters")
    if isinstance(error, SQLAlchemyError):
        reason = str(getattr(error, "orig", None) or error).split("\n")[0]
        return StoreError(f"the database refused: {reason}", where=where, hint=hint)
    if isinstance(error, _unreadable) and not isinstance(error, KoulingError):
        reason = f"what is stored can't be read: {error!s:.200}"
        return StoreError(reason, where=where, hint=_damage_hint)
    return error
