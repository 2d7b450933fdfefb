"""All surfaces of an open database: which wing of the room makes a page of each.

A checked request comes in, a page goes out, and its impressions are recorded. The surface
`interest` is the feed's (`feed`), drafted for the viewer; the market sells some of its places;
all others are newest first, as `table` finds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice
from pathlib import Path

from kouling.clock import Clock
from kouling.db import Store
from kouling.deliver import table
from kouling.deliver.feed import Feed, LiveLikes, reach_of
from kouling.deliver.page import PageRequest
from kouling.deliver.records import LikeImport, Page, PastLike, Recipient
from kouling.errors import LimitExceeded
from kouling.eventlog import beside_log
from kouling.gate import Surface
from kouling.ids import ItemId, RandomBytes

reach_max = 5_000
"""People whom an item may be pushed to at once."""

likes_at_once = 1_000
"""Likes given elsewhere that are taken in by one transaction."""

_readers = {
    Surface.market: table.read_market,
    Surface.moments: table.read_timeline,
    Surface.group: table.read_timeline,
}


class LiveSurfaces:
    """The surfaces, and what the feed keeps in memory; safe to use from many threads."""

    def __init__(
        self, store: Store, clock: Clock, random: RandomBytes, folder: str | None = None
    ) -> None:
        self._store, self._clock = store, clock
        self._likes = LiveLikes(store, _folder_of(store, folder))
        self._feed = Feed(store, clock, random, self._likes)

    def page(self, asked: PageRequest, bill: table.Bill) -> Page:
        """Return the page that was asked for, and record its impressions.

        `bill` books what its paid places cost, in the transaction that charges for them.
        """
        if asked.surface == Surface.interest:
            return self._feed.page(asked)
        at, read = self._clock(), _readers.get(asked.surface, table.read_page)
        with self._store.read() as connection:
            page = read(connection, asked, at)
            sells = asked.surface == Surface.market and table.has_placements(connection)
        if sells:
            keep = partial(table.keep_market_page, asked=asked, page=page, bill=bill, at=at)
            return self._store.write(beside_log(at, keep))
        if page.places:
            self._store.write(beside_log(at, lambda c: table.add_impressions(c, page, at)))
        return page

    def import_likes(self, likes: Iterable[PastLike]) -> LikeImport:
        """Take in likes that were given elsewhere, a part in a transaction."""
        waiting, taken = iter(likes), LikeImport()
        while part := list(islice(waiting, likes_at_once)):
            write = partial(table.import_likes, likes=part, clock=self._clock)
            taken = taken.plus(self._store.write(write))
        return taken

    def reach(self, item: ItemId, size: int) -> tuple[Recipient, ...]:
        """Return the people to push an item to, best first."""
        if not isinstance(size, int) or not 0 < size <= reach_max:
            raise LimitExceeded(
                f"an item can't be pushed to {size!r:.20} people", hint=f"ask for 1 to {reach_max}"
            )
        with self._store.read() as connection:
            return reach_of(self._likes, connection, item, size)

    def refit(self) -> bool:
        """Fit a new model on all likes, and serve it when it is better."""
        return self._likes.refit()

    def close(self) -> None:
        """End what runs in the background."""
        self._likes.close()


def _folder_of(store: Store, folder: str | None) -> Path | None:
    """Where the models of the feed are kept: as set, or beside the database's file."""
    if folder:
        return Path(folder)
    return None if store.file is None else store.file.with_name(f"{store.file.name}.feed")
