"""The inner door of hosts: where a merchant's offers may lead."""

from __future__ import annotations

from collections.abc import Iterable

from kouling import mint
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import IdempotencyKey, Request
from kouling.ids import UserId


class HostsDoor:
    """The hosts of merchants."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def allow(
        self, merchant: UserId, hosts: Iterable[str], idempotency_key: IdempotencyKey | None = None
    ) -> None:
        """Set the hosts that a merchant's offers may lead to."""
        names = mint.check_hosts(hosts)
        key = idempotency_key or self._runtime.fresh()
        request = Request("allow_hosts", key, [merchant, names])
        self._runtime.once(request, None, lambda c, at: mint.allow_hosts(c, merchant, names))
