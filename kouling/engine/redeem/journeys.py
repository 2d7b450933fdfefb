"""The inner door of journeys: who came before it was known who it is."""

from __future__ import annotations

from kouling import redeem
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import Request, natural_key
from kouling.ids import UserId


class JourneysDoor:
    """The ways of buyers, from what they saw to what they bought."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def identify(self, visitor: UserId, buyer: UserId) -> None:
        """Say which buyer a visitor is, so that what it touched before counts."""
        request = Request("identify", natural_key(visitor), [visitor, buyer])
        self._runtime.once(request, None, lambda c, at: redeem.identify(c, visitor, buyer, at))
