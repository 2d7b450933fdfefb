"""The engine: the one place that knows the order of the rooms and of the steps of each verb.

    offer ─► mint ─► gate ─► deliver ─► redeem ─► settle ─► insight

Each verb that writes is one database transaction; the same request twice gives the same answer
once. Verbs are synchronous and safe to call from many threads.
"""

from __future__ import annotations

from datetime import date, datetime
from types import TracebackType
from typing import Self, Unpack

from kouling import deliver, gate, insight, mint, redeem, settle
from kouling.clock import Clock, now
from kouling.config import Settings, read_settings
from kouling.db import Connection, Store
from kouling.eventlog import Request, natural_key
from kouling.gate import Decision, Item, Surface
from kouling.ids import RedemptionId, UserId
from kouling.inputs import Inputs
from kouling.insight import Overlap, Steadiness
from kouling.mint import Limits, Offer, ShareCode
from kouling.redeem import Redemption, Refusal
from kouling.settle import Conversion, Entry


class Engine(Inputs):
    """The whole journey of a share code over one database.

    Open it with `Engine.open`; close it, or use it in a `with` block.
    """

    @classmethod
    def open(
        cls,
        target: str,
        *,
        clock: Clock = now,
        seed: int | None = None,
        settings: Settings | None = None,
    ) -> Engine:
        """Open a database, a file path or `postgresql://…`, bringing its tables up to date.

        `clock` and `seed` make a run repeatable; settings come from the environment unless
        they are given. Raises `StoreError` when the database can't be used.
        """
        settings, store = settings or read_settings(), Store(target)
        try:
            return cls(store, settings, clock, seed)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """End the picture workers, finish waiting writes and close the database."""
        self._gallery.close()
        self._surfaces.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    # The six verbs, in the order data flows.

    def mint(self, offer: Offer, *, sharer: UserId, **limits: Unpack[Limits]) -> ShareCode:
        """Return the sharer's code for an offer; the same sharer, offer and campaign give one.

        `days` and `uses_max` limit it; `parent` is the code that is re-shared.
        """
        draft = mint.draft_of(offer, sharer, self.settings, limits)
        request = Request("mint", natural_key(sharer, offer.id, draft.campaign), draft)
        ring = self._keys()
        return self._once(request, ShareCode, lambda c, at: mint.mint_code(c, draft, ring, at))

    def gate(self, item: Item) -> Decision:
        """Decide on an item before anyone sees it; the item and its decision are kept."""
        gate.check_item(item)
        detectors, ring = self._detectors, self._keys()
        seen = self._gallery.see_stored(item, detectors, ring, self._clock())
        (signals,) = gate.inspect([item], detectors, ring, [seen.signals])

        def act(connection: Connection, at: datetime) -> Decision:
            policy = gate.policy_in_force(connection, at)
            past = gate.signals_of_past(connection, item, signals, detectors, at)
            author = gate.Author(item.author, gate.is_banned(connection, item.author, at))
            found = (*signals, *past, *seen.missing_under(policy, item))
            decision = gate.decide(item, found, author, policy, at)
            gate.store_decision(connection, item, decision, seen.looks)
            deliver.welcome(connection, item, decision)
            return decision

        return self._once(gate.request_of(item), Decision, act)

    def deliver(
        self, viewer: UserId, surface: Surface | str, **options: Unpack[deliver.PageOptions]
    ) -> deliver.Page:
        """Return a page of what a viewer may see of a surface, and record the impressions.

        `size` is its length and `cursor` leads on from the page before. Comments are those
        `under` an item. The market is searched by `query` and `labels`, and what its paid places
        cost is posted to the ledger. The interest feed is ranked for the viewer, every other
        surface is newest first.
        """
        platform = self.settings.issuer
        return self._surfaces.page(
            deliver.ask_page(viewer, surface, options),
            bill=lambda c, charges, at: settle.post_charges(c, charges, platform, at),
        )

    def redeem(
        self, text: str, *, buyer: UserId, idempotency_key: str | None = None
    ) -> Redemption | Refusal:
        """Turn a pasted text into a redemption, or a refusal that says why."""
        ring, fresh_id = self._keys(), self._fresh()
        paste = redeem.read_paste(text, buyer, ring, self._detectors)

        def act(connection: Connection, at: datetime) -> Redemption | Refusal:
            states = mint.code_states(connection, paste.parsed)
            outcome = redeem.resolve(paste, states, ring, at)
            if isinstance(outcome, Refusal):
                return outcome
            visit = redeem.Visit(outcome, buyer, at, RedemptionId(fresh_id))
            return redeem.record_visit(connection, visit, redeem.windows_of(self.settings))

        request = Request("redeem", idempotency_key or fresh_id, {"text": text, "buyer": buyer})
        return self._once(request, Redemption | Refusal, act)

    def settle(self, conversion: Conversion) -> Entry:
        """Book what a sale earns: an estimate when it is paid, settled when it is received."""
        settle.check_conversion(conversion)
        request = Request("settle", natural_key(conversion.id, conversion.status), conversion)
        terms = settle.terms_of(self.settings)
        return self._once(
            request, Entry, lambda c, at: settle.settle_conversion(c, conversion, terms, at)
        )

    def insight(self, name: str, day: date) -> insight.Table:
        """Return the named table of numbers for a day (UTC)."""
        with self._store.read() as connection:
            return insight.tabulate(connection, name, day)

    def steadiness(self, creator: UserId) -> Steadiness:
        """Return whether a creator's likes are steady or one hit, and whose else the likers are."""
        with self._store.read() as connection:
            return insight.steadiness(connection, creator, self._clock())

    def overlap(self, creator: UserId, other: UserId) -> Overlap:
        """Return how far two creators have the same likers."""
        with self._store.read() as connection:
            return insight.overlap(connection, creator, other)
