"""The inner door of sales: how a line of an order stands, and what waits for one."""

from __future__ import annotations

from kouling import settle
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import IdempotencyKey, Request
from kouling.ids import ConversionId, Name, UserId
from kouling.settle import Cancellation, Entry, Refund, Sale


class SalesDoor:
    """Sales that merchants reported."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def state(self, id: ConversionId, merchant: UserId, line: str = "") -> Sale:
        """Return a sale as it stands: who earns what of it, and why."""
        with self._runtime.read() as connection:
            return settle.sale_of(connection, merchant, id, line)

    @verb
    def waiting(self) -> tuple[Refund | Cancellation, ...]:
        """Return refunds and cancellations that wait for their sale, or for enough of it."""
        with self._runtime.read() as connection:
            return settle.waiting(connection)

    @verb
    def undo_refund(
        self, refund_id: Name, merchant: UserId, idempotency_key: IdempotencyKey | None = None
    ) -> Entry | None:
        """Book back what a refund took, since it failed or a dispute about it was won."""
        key = idempotency_key or self._runtime.fresh()
        request = Request("undo_refund", key, [merchant, refund_id])
        return self._runtime.once(
            request,
            Entry | None,
            lambda c, at: settle.undo_refund(c, refund_id, merchant, at),
        )
