"""The engine: the one place that knows the order of the rooms and of the steps of each verb.

    offer ─► mint ─► gate ─► deliver ─► redeem ─► settle ─► insight

Each room has a door: called, it does the room's main verb; the other verbs are its methods, those
about a noun stand behind an inner door. Each verb that writes is one database transaction; the
same request twice gives the same answer once. Verbs are safe to call from many threads.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from kouling.clock import Clock, now
from kouling.config import Settings, read_settings
from kouling.db import Store
from kouling.engine.database import DatabaseDoor
from kouling.engine.deliver import DeliverDoor
from kouling.engine.gate import GateDoor
from kouling.engine.insight import InsightDoor
from kouling.engine.mint import MintDoor
from kouling.engine.paths import path_of, paths_of
from kouling.engine.people import PeopleDoor
from kouling.engine.redeem import RedeemDoor
from kouling.engine.runtime import Runtime, waits_of
from kouling.engine.settle import SettleDoor
from kouling.engine.verb import is_verb

__all__ = ["Engine", "is_verb"]


class Engine:
    """The whole journey of a share code over one database.

    Open it with `Engine.open`; close it, or use it in a `with` block.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.settings = runtime.settings
        self.people = PeopleDoor(runtime)
        self.mint = MintDoor(runtime)
        self.gate = GateDoor(runtime)
        self.deliver = DeliverDoor(runtime)
        self.redeem = RedeemDoor(runtime)
        self.settle = SettleDoor(runtime)
        self.insight = InsightDoor(runtime)
        self.database = DatabaseDoor(runtime)

    @classmethod
    def open(
        cls,
        target: str | Path,
        *,
        clock: Clock = now,
        seed: int | None = None,
        settings: Settings | None = None,
        packs: Iterable[str | Path] = (),
    ) -> Engine:
        """Open a database, a file path or `postgresql://…`, bringing its tables up to date.

        `clock` and `seed` make a run repeatable; settings come from the environment unless
        they are given; detector packs come from the settings unless `packs` are. Raises
        `StoreError` when the database can't be used, `PolicyError` for a wrong pack.
        """
        settings = settings or read_settings()
        named = paths_of(packs, "packs") or settings.packs
        store = Store(path_of(target, "target"), waits_of(settings))
        try:
            return cls(Runtime(store, settings, clock, seed, named))
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """End the picture workers, finish waiting writes and close the database."""
        self._runtime.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()
