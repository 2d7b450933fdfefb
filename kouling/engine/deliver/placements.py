"""The inner door of placements: paid places in the market."""

from __future__ import annotations

from datetime import date

from kouling import deliver
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import Request, natural_key
from kouling.ids import Name
from kouling.money import Money


class PlacementsDoor:
    """What advertisers bid for."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def add(self, placement: deliver.Placement) -> None:
        """Put up a paid placement in the market."""
        deliver.check_placement(placement)
        request = Request("place", natural_key(placement.id), placement)
        self._runtime.once(request, None, lambda c, at: deliver.add_placement(c, placement, at))

    @verb
    def stop(self, placement: Name) -> None:
        """End a paid placement for good."""
        request = Request("stop_placement", natural_key(placement), placement)
        self._runtime.once(request, None, lambda c, at: deliver.stop_placement(c, placement, at))

    @verb
    def spent(self, placement: Name, day: date) -> Money:
        """Return what a placement was charged on a day (UTC)."""
        with self._runtime.read() as connection:
            return deliver.spent_on(connection, placement, day)
