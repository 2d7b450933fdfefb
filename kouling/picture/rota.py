"""Whose turn it is, where few places are shared by many: by owner, whoever asks most.

Owners take turns, one each, so that who brings a thousand waits no less behind who brings one.
While several owners ask, none holds more than half of the places: what one of them brings may
take as long as it likes, and the others still have the other half.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from typing import Generic, TypeVar

remembered_max = 64
"""Latest turns by which it is told whether several owners ask."""

Waiting = TypeVar("Waiting")


class Rota(Generic[Waiting]):
    """The order in which those who wait have their turns; whoever shares it locks it."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._waiting: OrderedDict[str, deque[Waiting]] = OrderedDict()
        self._held: Counter[str] = Counter()
        self._latest: deque[str] = deque(maxlen=remembered_max)

    def wait(self, owner: str, one: Waiting) -> None:
        """Let one wait for its owner's turn."""
        self._waiting.setdefault(owner, deque()).append(one)
        self._latest.append(owner)

    def leave(self, owner: str, one: Waiting) -> bool:
        """Let one wait no longer; False if it has had its turn already."""
        waiting = self._waiting.get(owner, deque())
        if one not in waiting:
            return False
        waiting.remove(one)
        if not waiting:
            del self._waiting[owner]
        return True

    def next(self) -> Waiting | None:
        """Give a place to the one whose turn it is; None if none is free for those who wait."""
        if self._held.total() >= self._places:
            return None
        owner = next((one for one in self._waiting if self._held[one] < self._most), None)
        if owner is None:
            return None
        waiting = self._waiting.pop(owner)
        one = waiting.popleft()
        if waiting:
            self._waiting[owner] = waiting  # behind all other owners
        self._held[owner] += 1
        return one

    def done(self, owner: str) -> None:
        """Take back a place that an owner held."""
        self._held[owner] -= 1
        self._held += Counter()  # forgets those who hold none

    @property
    def _most(self) -> int:
        """How many places one owner may hold now."""
        alone = len(set(self._latest)) <= 1
        return self._places if alone else (self._places + 1) // 2
