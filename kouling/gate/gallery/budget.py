"""How many pictures are looked into in a minute, in all and of one author, and for how long.

Beyond that a picture is not inspected, with the reason; what is known already costs nothing and
is not counted. Kept in memory: each process that gates has a budget of its own.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from kouling.ids import UserId
from kouling.picture import Cost, Gap, GapKind

author_pictures_max = 30
"""Pictures of one author that are looked into in a minute."""

author_seconds_max = 30
"""Processor time in a minute that the pictures of one author take, as it is when one is begun."""

pictures_max = 600
"""Pictures that one worker is given in a minute: what it can do, if each takes 100 ms."""


class Budget:
    """Counts pictures by the minute; safe to use from many threads."""

    def __init__(self, workers: int) -> None:
        self._pictures_max = pictures_max * workers
        self._minute: datetime | None = None
        self._by_author: Counter[UserId] = Counter()
        self._cpu_ms: Counter[UserId] = Counter()
        self._lock = threading.Lock()

    def refusal(self, author: UserId, at: datetime) -> Gap | None:
        """Count one picture, or say why it may not be looked into now; None if it may."""
        with self._lock:
            minute = at.replace(second=0, microsecond=0)
            if minute != self._minute:
                self._minute, self._by_author, self._cpu_ms = minute, Counter(), Counter()
            if self._cpu_ms[author] >= 1_000 * author_seconds_max:
                return Gap(GapKind.author_time, str(author_seconds_max))
            if self._by_author[author] >= author_pictures_max:
                return Gap(GapKind.author_budget, str(author_pictures_max))
            if self._by_author.total() >= self._pictures_max:
                return Gap(GapKind.whole_budget, str(self._pictures_max))
            self._by_author[author] += 1
            return None

    def charge(self, author: UserId, cost: Cost) -> None:
        """Charge what looking into a picture took to its author, this minute."""
        with self._lock:
            self._cpu_ms[author] += round(cost.cpu_ms)
