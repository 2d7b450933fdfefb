"""Plain verbs that only read: what is known of an item, a placement, an account.

They hold the open database and all that is kept in memory beside it; `Inputs` adds what writes.
"""

from __future__ import annotations

from datetime import date

from kouling import deliver, eventlog, gate, mint, settle
from kouling.clock import Clock
from kouling.config import Settings
from kouling.db import Store
from kouling.gate import Decision
from kouling.ids import ItemId, UserId, random_bytes
from kouling.mint import Channel, Rendering, ShareCode
from kouling.money import Money
from kouling.settle import Balance


class Questions:
    """What one open database answers without being changed."""

    def __init__(self, store: Store, settings: Settings, clock: Clock, seed: int | None) -> None:
        self.settings, self._store, self._clock = settings, store, clock
        self._detectors = gate.detectors_for(settings.page_host)
        self._gallery = gate.Gallery(settings.picture_workers, store.read)
        with store.read() as connection:
            self._random = random_bytes(seed, eventlog.length(connection))
        first_secret = self._random(mint.secret_bytes)
        self._keys = mint.LiveRing(store, clock, settings.issuer, first_secret)
        self._surfaces = deliver.LiveSurfaces(store, clock, self._random, settings.model_folder)

    def render(self, share_code: ShareCode, channel: Channel = Channel.chat) -> Rendering:
        """Write out a share code: message, link and QR picture."""
        with self._store.read() as connection:
            offer = mint.load_offer(connection, share_code.offer)
        return mint.render(share_code, offer, page_host=self.settings.page_host, channel=channel)

    def decision(self, item: ItemId) -> Decision:
        """Return the decision on an item that was gated."""
        with self._store.read() as connection:
            return gate.load_decision(connection, item)

    def queue(self, after: int = 0, size: int = 50) -> gate.Queue:
        """Return items that wait for a reviewer, oldest first, from the case `after` a number."""
        with self._store.read() as connection:
            return gate.read_queue(connection, after, size)

    def annotated(self, item: ItemId) -> tuple[bytes, ...]:
        """Return an item's pictures as PNG, with the places of what was seen drawn in."""
        with self._store.read() as connection:
            decision = gate.load_decision(connection, item)
            pictures = gate.load_pictures(connection, [item]).get(item, ())
        return self._gallery.annotate(pictures, decision)

    def trial(self, item: ItemId) -> deliver.TrialReport:
        """Return how far a new item's trial has come, why, and all its steps."""
        with self._store.read() as connection:
            return deliver.report_trial(connection, item)

    def reach(self, item: ItemId, size: int = 300) -> tuple[deliver.Recipient, ...]:
        """Return the people whom to push an item to, best first; none if nothing is known."""
        return self._surfaces.reach(item, size)

    def spent(self, placement: str, day: date) -> Money:
        """Return what a placement was charged on a day (UTC)."""
        with self._store.read() as connection:
            return deliver.spent_on(connection, placement, day)

    def balances(self, owner: UserId | None = None) -> list[Balance]:
        """Return the ledger's balances, of all accounts or of one owner's."""
        with self._store.read() as connection:
            return settle.balances(connection, owner)

    def check_ledger(self) -> int:
        """Check the ledger's chain and balances; return the number of entries."""
        with self._store.read() as connection:
            return settle.check_ledger(connection)
