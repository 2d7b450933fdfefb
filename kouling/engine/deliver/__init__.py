"""The door of deliver: a viewer becomes a page of items that it may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Unpack

from kouling import deliver, settle
from kouling.db import Connection
from kouling.engine.deliver.placements import PlacementsDoor
from kouling.engine.people import check_ids
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import IdempotencyKey, Request, once
from kouling.gate import Surface
from kouling.ids import ItemId, UserId

Key = Callable[[Connection, UserId, ItemId], str]
Act = Callable[[Connection, UserId, ItemId, datetime], None]


class DeliverDoor:
    """Called, it gives a page; paid `placements` stand behind it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.placements = PlacementsDoor(runtime)

    @verb
    def __call__(
        self, viewer: UserId, surface: Surface | str, **options: Unpack[deliver.PageOptions]
    ) -> deliver.Page:
        """Return a page of what a viewer may see of a surface, and record the impressions.

        `size` is its length and `cursor` leads on from the page before. Comments are those
        `under` an item. The market is searched by `query` and `labels`, and what its paid places
        cost is posted to the ledger. The interest feed is ranked for the viewer, every other
        surface is newest first.
        """
        platform = self._runtime.settings.issuer
        return self._runtime.surfaces.page(
            deliver.ask_page(viewer, surface, options),
            bill=lambda c, charges, at: settle.post_charges(c, charges, platform, at),
        )

    @verb
    def like(self, user: UserId, item: ItemId) -> None:
        """Record the one like of a user for an item that it can see; the feed heeds it at once."""
        self._turn("like", (user, item), deliver.like_key, deliver.add_like)

    @verb
    def unlike(self, user: UserId, item: ItemId) -> None:
        """Take a like back, as if it had never been."""
        self._turn("unlike", (user, item), deliver.unlike_key, deliver.remove_like)

    @verb
    def import_likes(self, likes: Iterable[deliver.PastLike]) -> deliver.LikeImport:
        """Take in likes that were given elsewhere, with their own times; twice is as once.

        They are written 1,000 at a time; what a crash or an error keeps from being written is
        taken in when all are imported again.
        """
        return self._runtime.surfaces.import_likes(likes)

    @verb
    def refit(self) -> bool:
        """Fit the interest model anew on all likes; False if there are none yet.

        It also happens by itself, in the background, after enough new likes.
        """
        return self._runtime.surfaces.refit()

    @verb
    def label(
        self,
        item: ItemId,
        labels: Iterable[str],
        *,
        by: UserId | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> None:
        """Set the labels by which an item of the market is found.

        `by` is the user that asks for it, who must be the item's author; None is the operator.
        Labels are compared without width and case.
        """
        names = deliver.check_labels(labels)
        request = Request("label", idempotency_key or self._runtime.fresh(), [item, names, by])
        self._runtime.once(request, None, lambda c, at: deliver.set_labels(c, item, names, by))

    @verb
    def trial(self, item: ItemId) -> deliver.TrialReport:
        """Return how far a new item's trial has come, why, and all its steps."""
        with self._runtime.read() as connection:
            return deliver.report_trial(connection, item)

    @verb
    def reach(self, item: ItemId, size: int = 300) -> tuple[deliver.Recipient, ...]:
        """Return the people whom to push an item to, best first; none if nothing is known."""
        return self._runtime.surfaces.reach(item, size)

    def _turn(self, name: str, ends: tuple[UserId, ItemId], key: Key, act: Act) -> None:
        """Write a like or take it back, under the key of this turn, which the database knows."""
        check_ids(*ends)
        clock = self._runtime.clock

        def write(connection: Connection) -> None:
            request = Request(name, key(connection, *ends), list(ends))
            once(connection, request, clock, None, lambda at: act(connection, *ends, at))

        self._runtime.store.write(write)
