"""The door of redeem: a pasted text becomes a visit, or a refusal that says why."""

from __future__ import annotations

from datetime import datetime

from kouling import redeem
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
        ring, id = runtime.ring(), RedemptionId(runtime.fresh())
        paste = redeem.read_paste(text, ring, runtime.detectors)
        windows = redeem.windows_of(runtime.settings)

        def act(connection: Connection, at: datetime) -> Redemption | Refusal:
            visit = redeem.Visit(id, at, buyer)
            return redeem.redeem_paste(connection, paste, ring, visit, windows)

        body = {"text": redeem.kept_text(text), "buyer": buyer}
        request = Request("redeem", idempotency_key or id, body)
        return runtime.once(request, Redemption | Refusal, act)
