"""Ids as types of their own, and the one source of randomness.

A `UserId` can't be given where an `ItemId` is wanted. Ids of users, items, offers and
conversions are the platform's own strings; Kouling makes ids only for what it records itself.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from typing import Annotated, NewType

import msgspec

from kouling.errors import InvalidInput

UserId = NewType("UserId", str)
GroupId = NewType("GroupId", str)
ItemId = NewType("ItemId", str)
OfferId = NewType("OfferId", str)
RedemptionId = NewType("RedemptionId", str)
ConversionId = NewType("ConversionId", str)
EntryId = NewType("EntryId", int)

id_length_max = 128

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=id_length_max, title="an id")]
"""A text that must be able to be an id: 1 to 128 printable characters."""

RandomBytes = Callable[[int], bytes]
"""How many bytes are wanted → that many random bytes."""


def random_bytes(seed: int | None = None, start: int = 0) -> RandomBytes:
    """Return a source of random bytes: the system's, or for a `seed` a reproducible one.

    `start` tells apart sources of one seed, so that a database opened again draws anew.
    """
    return secrets.token_bytes if seed is None else random.Random(f"{seed}:{start}").randbytes


def check_id(value: str, what: str) -> None:
    """Raise `InvalidInput` unless `value` can serve as an id: 1 to 128 printable characters."""
    if not isinstance(value, str) or not 0 < len(value) <= id_length_max or not value.isprintable():
        raise InvalidInput(
            f"{what} {value!r:.60} can't be an id",
            hint=f"give 1 to {id_length_max} printable characters",
        )
