"""The door of redeem: a pasted text becomes a visit, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from kouling import redeem
from kouling.db import Connection
from kouling.engine.check import check_of
from kouling.engine.redeem.journeys import JourneysDoor
from kouling.engine.runtime import Runtime
from kouling.engine.spot import Spot
from kouling.engine.verb import verb
from kouling.errors import InvalidInput, KoulingError
from kouling.eventlog import IdempotencyKey, Request, once
from kouling.ids import RedemptionId, UserId
from kouling.redeem import Arrival, Pasted, Redemption, Refusal

Outcome = Redemption | Refusal

many_max = 1_000
"""Texts that are redeemed in one call."""


class RedeemDoor:
    """Called, it redeems what was pasted; `journeys` stand behind it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._check = check_of(Pasted, Spot("items"))
        self.journeys = JourneysDoor(runtime)

    @verb
    def __call__(
        self,
        text: str,
        *,
        buyer: UserId | None = None,
        visitor: UserId | None = None,
        idempotency_key: IdempotencyKey | None = None,
        visit: Arrival | None = None,
    ) -> Redemption | Refusal:
        """Turn a pasted text into a redemption, or a refusal that says why.

        Of a `visitor` no buyer has to be known yet. What a bot pastes counts no use.
        """
        pasted = Pasted(text, buyer, visitor, idempotency_key, visit)
        return self._runtime.store.write(self._redeeming(pasted))

    @verb
    def many(self, items: Iterable[Any]) -> tuple[Redemption | Refusal | KoulingError, ...]:
        """Redeem up to 1,000 pasted texts in one transaction, and answer them in order.

        A bad one is answered with its error and does no harm to the others.
        """
        acts = self._runtime.checked_many(
            items, lambda item: self._redeeming(self._check(item)), many_max
        )
        return self._runtime.many(acts, lambda connection, act: act(connection))

    def _redeeming(self, pasted: Pasted) -> Callable[[Connection], Outcome]:
        """Read a pasted text, and return the write that redeems it."""
        runtime, arrival = self._runtime, pasted.visit
        if pasted.buyer is None and pasted.visitor is None:
            raise InvalidInput("nobody is named who pasted it", hint="give a buyer or a visitor")
        ring, id = runtime.ring(), RedemptionId(runtime.fresh())
        paste = redeem.read_paste(pasted.text, ring, runtime.detectors)
        windows = redeem.windows_of(runtime.settings)
        bot, network = redeem.agent_of(arrival, redeem.bundled_bots()), redeem.network_of(arrival)
        came_at = None if arrival is None else arrival.at
        body = {"text": redeem.kept_text(pasted.text), "buyer": pasted.buyer}
        body |= {"visitor": pasted.visitor} if pasted.visitor else {}
        request = Request("redeem", pasted.idempotency_key or id, body)

        def act(connection: Connection, at: datetime) -> Outcome:
            if came_at is not None and came_at > at:
                raise InvalidInput("the visit is dated after now", hint="mend visit.at")
            seen = redeem.Visit(id, came_at or at, pasted.buyer, pasted.visitor, bot, network)
            return redeem.redeem_paste(connection, paste, ring, seen, windows)

        return lambda c: once(c, request, runtime.clock, Outcome, lambda at: act(c, at))
