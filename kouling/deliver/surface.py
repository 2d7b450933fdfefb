"""Every surface has pages; this says how each comes by them.

A checked question comes in, a page goes out, and its impressions are recorded. The interest feed
is drafted for the viewer, the market sells some of its places, all others are newest first.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice
from pathlib import Path

from kouling.clock import Clock
from kouling.db import Store
from kouling.deliver import table
from kouling.deliver.feed.draft import Feed
from kouling.deliver.feed.live import LiveFeed
from kouling.deliver.page import Asked
from kouling.deliver.records import Imported, Page, PastLike, Placement, Reached
from kouling.errors import CurrencyMismatch, InvalidInput, LimitExceeded
from kouling.gate import Surface
from kouling.ids import ItemId, RandomBytes, check_id

audience_max = 5_000
"""People whom an item may be pushed to at once."""

likes_at_once = 1_000
"""Likes given elsewhere that are taken in by one transaction."""

_readers = {
    Surface.market: table.read_market,
    Surface.moments: table.read_timeline,
    Surface.group: table.read_timeline,
}


class LiveSurfaces:
    """The surfaces of a running engine; safe to use from many threads."""

    def __init__(
        self, store: Store, clock: Clock, random: RandomBytes, folder: str | None = None
    ) -> None:
        self._store, self._clock = store, clock
        self._live = LiveFeed(store, _folder_of(store, folder))
        self._feed = Feed(store, clock, random, self._live)

    def page(self, asked: Asked, bill: table.Bill) -> Page:
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
            return self._store.write(lambda c: table.keep_market_page(c, asked, page, bill, at))
        if page.places:
            self._store.write(lambda c: table.add_impressions(c, page, at))
        return page

    def import_likes(self, likes: Iterable[PastLike]) -> Imported:
        """Take in likes that were given elsewhere, a part in a transaction."""
        waiting, taken = iter(likes), Imported()
        while part := list(islice(waiting, likes_at_once)):
            write = partial(table.import_likes, likes=part, clock=self._clock)
            taken = taken.plus(self._store.write(write))
        return taken

    def audience(self, item: ItemId, size: int) -> tuple[Reached, ...]:
        """Return the people to push an item to, best first."""
        if not isinstance(size, int) or not 0 < size <= audience_max:
            raise LimitExceeded(f"an audience of {size!r:.20}", hint=f"ask for 1 to {audience_max}")
        with self._store.read() as connection:
            return self._live.audience(connection, item, size)

    def refit(self) -> bool:
        """Fit a new model on all likes, and serve it when it is better."""
        return self._live.refit()

    def close(self) -> None:
        """End what runs in the background."""
        self._live.close()


def check_placement(placement: Placement) -> None:
    """Raise `InvalidInput` unless a placement can be put up."""
    check_id(placement.id, "placement id")
    check_id(placement.advertiser, "advertiser id")
    bid, budget = placement.bid, placement.daily_budget
    if bid.currency != budget.currency:
        raise CurrencyMismatch(f"a bid in {bid.currency}, a budget in {budget.currency}")
    if not 0 < bid.minor <= budget.minor:
        raise InvalidInput(
            f"a bid of {bid} on a budget of {budget}", hint="bid above 0 and within a day's budget"
        )


def _folder_of(store: Store, folder: str | None) -> Path | None:
    """Where the models of the feed are kept: as set, or beside the database's file."""
    if folder:
        return Path(folder)
    return None if store.file is None else store.file.with_name(f"{store.file.name}.feed")
