"""The mark of a verb: what an engine can be asked to do, and is listed, checked and reached by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])

mark = "is_verb"
"""The attribute that a marked method has."""


def verb(method: Method) -> Method:
    """Mark a door's method as a verb."""
    setattr(method, mark, True)
    return method
