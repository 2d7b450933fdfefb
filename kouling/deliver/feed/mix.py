"""Ranked items and trial places become one page.

Of five places in a row at most one is a trial's, and no creator has more than a fifth of a page.
Where ranked items and favourites run out, trials take what is left, then the newest items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from kouling.deliver.records import FeedCandidate
from kouling.ids import ItemId, UserId

creator_part = 5
"""No creator has more than one place in so many, on a page of that many or more.

Chosen, not measured.
"""

spacing = 5
"""Of so many places in a row at most one is a trial's, as long as there is anything else.

The lower bound of the 10 to 20 % of places that exploring may take; chosen, not measured.
"""


usual_place = spacing - 2
"""Which of them it is, counted from 0: behind the first that a viewer looks at."""


class Sources(NamedTuple):
    """Where a page's candidates come from, each best first."""

    ranked: Iterator[FeedCandidate]
    trials: Iterator[FeedCandidate]
    rest: Iterator[FeedCandidate]


def mix(
    sources: Sources, given: set[ItemId], first: int, size: int, trial_place: int = usual_place
) -> list[FeedCandidate]:
    """Return up to `size` candidates, for the places of a session from number `first` on.

    `given` are the items that the session has; they are left out. Of `spacing` places in a row
    the one of number `trial_place` is a trial's.
    """
    page: list[FeedCandidate] = []
    taken = set(given)
    shares: Counter[UserId] = Counter()
    share_max = max(1, size // creator_part)

    def next_of(source: Iterator[FeedCandidate]) -> FeedCandidate | None:
        for one in source:
            if one.item not in taken and shares[one.author] < share_max:
                return one
        return None

    while len(page) < size:
        on_trial = (first + len(page)) % spacing == trial_place
        inner = (sources.trials, sources.ranked) if on_trial else (sources.ranked, sources.trials)
        found = next((c for s in (*inner, sources.rest) if (c := next_of(s)) is not None), None)
        if found is None:
            break
        page.append(found)
        taken.add(found.item)
        shares[found.author] += 1
    return page
