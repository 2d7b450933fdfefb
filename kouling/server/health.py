"""`GET /health`: whether the server answers, by what it decides now, and what it can't know."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from kouling.clock import now
from kouling.inspector import Inspector


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """That the server is well, and by what it decides.

    `policy` is in force now and `asked` the one that was named; `passes_all` tells that none is in
    force, so that everything passes. `not_known` is what can't be told without a database.
    """

    status: str
    policy: str
    asked: str | None
    passes_all: bool
    packs: tuple[str, ...]
    not_known: tuple[str, ...]


def health_routes(inspector: Inspector) -> Sequence[HTTPRouteHandler]:
    """Return the routes that watchers of the server ask."""

    @get("/health", summary="Ask whether the server is well, and what it decides by")
    async def health() -> Health:
        return Health(status="ok", **msgspec.structs.asdict(inspector.standing(now())))

    return [health]
