"""Trials as they stand, for tests of what comes next."""

from __future__ import annotations

from typing import Any

from kouling.deliver import Trial
from kouling.ids import ItemId, UserId
from tests.conftest import noon

viewer = UserId("viewer")


def of(id: str = "1", author: str = "creator", **fields: Any) -> Trial:
    """A trial that began at noon with 100 places promised."""
    begun = {"guaranteed": 100, "started_at": noon, **fields}
    return Trial(item=ItemId(id), author=UserId(author), queued_at=noon, **begun)
