"""The door of redeem: a pasted text becomes a visit, or a refusal that says why."""

from __future__ import annotations

from datetime import datetime

from kouling import mint, redeem
from kouling.db import Connection
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import IdempotencyKey, Request
from kouling.ids import RedemptionId, UserId
from kouling.redeem import Redemption, Refusal


class RedeemDoor:
    """Called, it redeems what was pasted."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def __call__(
        self, text: str, *, buyer: UserId, idempotency_key: IdempotencyKey | None = None
    ) -> Redemption | Refusal:
        """Turn a pasted text into a redemption, or a refusal that says why."""
        runtime = self._runtime
        ring, fresh_id = runtime.ring(), runtime.fresh()
        paste = redeem.read_paste(text, buyer, ring, runtime.detectors)

        def act(connection: Connection, at: datetime) -> Redemption | Refusal:
            states = mint.code_states(connection, paste.parsed)
            outcome = redeem.resolve_paste(paste, states, ring, at)
            if isinstance(outcome, Refusal):
                return outcome
            visit = redeem.Visit(outcome, buyer, at, RedemptionId(fresh_id))
            return redeem.record_visit(connection, visit, redeem.windows_of(runtime.settings))

        request = Request("redeem", idempotency_key or fresh_id, {"text": text, "buyer": buyer})
        return runtime.once(request, Redemption | Refusal, act)
