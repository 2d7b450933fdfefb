"""Ids of users and items ↔ their numbers in a model, in the order in which they came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np


class Names:
    """A growing list of ids; a number once given stays."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.ids = list(ids)
        self._numbers = {id: number for number, id in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, id: str) -> int | None:
        """Return an id's number, or None for an id that is not known."""
        return self._numbers.get(id)

    def number(self, id: str) -> int:
        """Return an id's number; a new id gets the next."""
        found = self._numbers.setdefault(id, len(self.ids))
        if found == len(self.ids):
            self.ids.append(id)
        return found

    def numbers(self, ids: Sequence[str]) -> np.ndarray[Any, Any]:
        """Return the numbers of many ids, new ones included."""
        return np.fromiter((self.number(id) for id in ids), np.int32, len(ids))
