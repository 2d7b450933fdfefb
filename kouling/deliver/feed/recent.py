"""Answers that are given again for a while, instead of being worked out anew for each page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

kept_max = 10_000
"""Answers that are kept; when there are more, all are forgotten."""


class Recent(Generic[K, V]):
    """Answers by key; safe to use from many threads, which at worst work one out twice."""

    def __init__(self, kept_for: timedelta) -> None:
        self._kept_for = kept_for
        self._kept: dict[K, tuple[datetime, V]] = {}

    def find(self, key: K, at: datetime) -> tuple[V] | None:
        """Return what is kept for a key, in a tuple of one; None if that is nothing."""
        kept = self._kept.get(key)
        return (kept[1],) if kept and abs(at - kept[0]) < self._kept_for else None

    def get(self, key: K, at: datetime, make: Callable[[], V]) -> V:
        """Return what is kept for a key, or make it and keep it."""
        if found := self.find(key, at):
            return found[0]
        made = make()
        if len(self._kept) >= kept_max:
            self._kept.clear()
        self._kept[key] = at, made
        return made
