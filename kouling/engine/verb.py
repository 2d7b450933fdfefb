"""The mark of a verb: what an engine can be asked to do, and is listed, checked and reached by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])

_mark = "_is_verb"


def verb(method: Method) -> Method:
    """Mark a door's method as a verb."""
    setattr(method, _mark, True)
    return method


def is_verb(method: object) -> bool:
    """Say whether a door's method is marked as a verb."""
    return bool(getattr(method, _mark, False))
