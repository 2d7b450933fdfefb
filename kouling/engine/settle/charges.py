"""The inner door of charges: what paid places of the market cost."""

from __future__ import annotations

from kouling import settle
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb


class ChargesDoor:
    """Charges and their entries."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def post(self) -> int:
        """Post charges for paid places that have no entry, and return how many there were.

        Before it took them, an earlier version left such. 100 are posted at a time; what a crash
        keeps from being posted is posted when it is asked for again.
        """
        runtime = self._runtime
        return settle.post_missing(runtime.store, runtime.settings.issuer, runtime.clock)
