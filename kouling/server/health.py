"""`GET /health`: whether the server answers, and the policy it decides by now."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from kouling.clock import now
from kouling.gate import Court


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """That the server is well, and the version of the policy in force."""

    status: str
    policy: str


def health_routes(court: Court) -> Sequence[HTTPRouteHandler]:
    """Return the routes that watchers of the server ask."""

    @get("/health", summary="Ask whether the server is well")
    async def health() -> Health:
        return Health(status="ok", policy=court.as_of(now()).policy.version)

    return [health]
