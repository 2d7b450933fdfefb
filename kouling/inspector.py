"""Items are inspected and nothing is kept: by a policy alone, or as a database stands.

What the command line and the server decide by is put together here, and what they can't know is
said here: without a database nobody's keys, bans and past are at hand.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kouling.config import Settings
from kouling.errors import InvalidInput
from kouling.gate import (
    Court,
    Decision,
    Gallery,
    Item,
    Policy,
    detectors_for,
    judge_items,
)

if TYPE_CHECKING:
    from kouling.engine import Engine


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """By what items are decided on at a time.

    `policy` is in force then, `asked` the one that was named, if any was. `passes_all` tells that
    none is in force, so that everything passes. `packs` are the names of the detector packs.
    `not_known` is what can't be told.
    """

    policy: str
    asked: str | None
    passes_all: bool
    packs: tuple[str, ...]
    not_known: tuple[str, ...]


class Inspector(ABC):
    """Decides on items and keeps nothing; close it when done."""

    not_known: tuple[str, ...] = ()

    def __init__(self, asked: Policy | None, packs: tuple[str, ...], gallery: Gallery) -> None:
        self.asked, self.packs, self._gallery = asked, packs, gallery

    @abstractmethod
    def __call__(
        self, items: Sequence[Item | InvalidInput], at: datetime
    ) -> list[Decision | InvalidInput]:
        """Decide on items as of a time; what is wrong with one stands in its place."""

    @abstractmethod
    def in_force(self, at: datetime) -> Policy:
        """Return the policy by which items are decided on at a time."""

    @abstractmethod
    def issuers(self) -> frozenset[str]:
        """Return the names of all issuers that can be told."""

    def annotated(self, item: Item, decision: Decision) -> tuple[bytes, ...]:
        """Return an item's pictures as PNG, with the places of what was seen drawn in."""
        return self._gallery.annotate(item.pictures, decision)

    def close(self) -> None:
        """End the workers that look into pictures."""
        self._gallery.close()

    def standing(self, at: datetime) -> Standing:
        """Say by what items are decided on at a time."""
        policy = self.in_force(at)
        asked = self.asked.version if self.asked else None
        return Standing(
            policy=policy.version,
            asked=asked,
            passes_all=not policy.rules and policy.version != asked,
            packs=tuple(Path(one).name for one in self.packs) or ("default",),
            not_known=self.not_known,
        )

    def shortcoming(self, at: datetime) -> str:
        """Say that what was asked for is not in force at a time; nothing if it is."""
        if not self.standing(at).passes_all:
            return ""
        if self.asked is None:
            return f"no policy is in force in this database at {at.isoformat()}: everything passes"
        since = self.asked.effective_at.isoformat()
        return (
            f"{self.asked.version} is in force from {since} on, not yet at {at.isoformat()}:"
            " everything passes"
        )

    def doubts(self) -> list[str]:
        """Say which issuers the named policy asks for that nobody here can tell."""
        return self.asked.unknown_issuers(self.issuers()) if self.asked else []


class AloneInspector(Inspector):
    """Decides by a policy alone."""

    not_known = ("own codes", "partners' codes", "bans", "what was before")

    def __init__(
        self, policy: Policy, settings: Settings, packs: tuple[str, ...], gallery: Gallery
    ) -> None:
        super().__init__(policy, packs, gallery)
        self._settings = settings
        detectors = detectors_for(settings.page_host, packs)
        self._court = Court(detectors, None, policy, policy.effective_at, gallery)

    def __call__(
        self, items: Sequence[Item | InvalidInput], at: datetime
    ) -> list[Decision | InvalidInput]:
        """Decide on items as of a time; what is wrong with one stands in its place."""
        return [
            one if isinstance(one, InvalidInput) else one.decision
            for one in judge_items(items, self._court.as_of(at))
        ]

    def in_force(self, at: datetime) -> Policy:
        """Return the policy by which items are decided on at a time."""
        return self._court.as_of(at).policy

    def by(self, policy: Policy) -> AloneInspector:
        """Return one that decides by another policy and shares all else, which stays this one's."""
        return AloneInspector(policy, self._settings, self.packs, self._gallery)

    def issuers(self) -> frozenset[str]:
        """Return the names of all issuers that can be told."""
        return self._court.detectors.issuers


class DatabaseInspector(Inspector):
    """Decides as a database stands: by its keys, bans and past; by a policy of it, or another."""

    def __init__(
        self,
        engine: Engine,
        policy: Policy | None,
        packs: tuple[str, ...],
        *,
        is_ours: bool = True,
    ) -> None:
        super().__init__(policy, packs, Gallery(engine.settings.picture_workers))
        self.engine, self._is_ours = engine, is_ours

    def __call__(
        self, items: Sequence[Item | InvalidInput], at: datetime
    ) -> list[Decision | InvalidInput]:
        """Decide on items as of a time; what is wrong with one stands in its place."""
        return self.engine.gate.inspect(items, at, self.asked)

    def in_force(self, at: datetime) -> Policy:
        """Return the policy by which items are decided on at a time."""
        if self.asked is not None:
            return self.asked.as_of(at)
        return self.engine.gate.policies.in_force(at)

    def issuers(self) -> frozenset[str]:
        """Return the names of all issuers that can be told."""
        return frozenset(self.engine.gate.issuers())

    def close(self) -> None:
        """Close the database, too, unless somebody else has opened it."""
        super().close()
        if self._is_ours:
            self.engine.close()
