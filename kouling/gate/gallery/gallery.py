"""The pictures of items: looked into once, remembered by their digests, known again when changed.

Items and what is asked of their pictures come in; signals and looks to store come out. The
database is read here but never written: what was seen is stored with the decision, in its
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import datetime

from msgspec.structs import replace

from kouling.db import Connection
from kouling.errors import InvalidInput
from kouling.gate.detectors.near_duplicate import KnownPicture
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.gallery.budget import Budget
from kouling.gate.gallery.killers import Killers
from kouling.gate.gallery.ladder import Goal, Inspection, look_into
from kouling.gate.gallery.sight import Brief, Sight, not_inspected, signals_of, stays
from kouling.gate.gallery.turns import Turns
from kouling.gate.picture import digest_of
from kouling.gate.policy.depth import Depth, depth_needed, is_settled
from kouling.gate.records import Decision, Item, Signal
from kouling.gate.table import known_pictures, leads_banned, load_looks, marks_after
from kouling.picture import (
    Caption,
    Gap,
    GapKind,
    Imprint,
    Index,
    Look,
    Lost,
    Pool,
    Question,
    is_absent,
    missing,
)

Read = Callable[[], AbstractContextManager[Connection]]
"""Opens a connection that reads."""


class Gallery:
    """Looks into the pictures of items; safe to use from many threads. Close it when done.

    Without `read` nothing is remembered, and no picture is known again. With `waiting_max` so many
    pictures wait for their turns, of all callers together; more are not inspected.
    """

    def __init__(
        self, workers: int, read: Read | None = None, waiting_max: int | None = None
    ) -> None:
        self.pool = Pool(workers)
        self._turns = Turns(workers, waiting_max)
        self._read, self._index = read, Index()
        self._killers = Killers()
        self._budget = Budget(workers) if read else None

    def close(self) -> None:
        """End the workers; what still waits is not inspected."""
        self.pool.close()
        self._turns.close()

    def see(self, item: Item, brief: Brief) -> Sight:
        """Look into an item's pictures as far as the policy asks on its surface."""
        digests = [digest_of(picture) for picture in item.pictures]
        known, bans = self._remembered(digests, brief.at)
        depth = depth_needed(brief.policy, item.surface, bans=bans)
        signals: list[Signal] = []
        fresh: dict[str, Look] = {}
        for place, (picture, digest) in enumerate(zip(item.pictures, digests, strict=True), 1):
            if brief.places is not None and place not in brief.places:
                continue
            before = fresh.get(digest) or known.get(digest)
            goal = self._goal(item, place, brief, depth)
            seen = self._inspected(picture, digest, before, goal)
            signals += signals_of(seen, place, depth, brief)
            if seen.is_lasting and seen.look != before:
                fresh[digest] = seen.look
        return Sight(tuple(signals), depth, tuple(fresh.items()), bans)

    def see_all(self, items: Sequence[Item], brief: Brief) -> list[Sight]:
        """Look into the pictures of many items, as many at once as there are workers."""
        with_pictures = sum(bool(item.pictures) for item in items)
        if with_pictures <= 1 and self._turns.waiting_max is None:
            return [self.see(item, brief) if item.pictures else Sight() for item in items]
        turns = [self._turn(item, brief) if item.pictures else Sight() for item in items]
        return [turn if isinstance(turn, Sight) else turn.result() for turn in turns]

    def draw(self, picture: bytes, signals: Sequence[Signal], caption: str) -> bytes:
        """Return a picture as PNG with the places of its signals drawn in, and a caption.

        Raises `InvalidInput` for a picture that can't be looked into.
        """
        marks = [Caption(one.box, f"{one.kind} {one.text}") for one in signals if one.box]
        question = Question(step="draw", marks=(*marks, Caption((0, 0, 0, 0), caption)))
        try:
            with self.pool.session() as session:
                opened = session.ask(Question(step="open", picture=bytes(picture)))
                drawn = session.ask(question) if not opened.refused else opened
        except Lost as lost:
            raise InvalidInput(f"the picture can't be drawn: {lost}") from None
        if not drawn.drawn:
            raise InvalidInput(f"the picture can't be drawn: {drawn.refused}")
        return drawn.drawn

    def annotate(self, pictures: Sequence[bytes], decision: Decision) -> tuple[bytes, ...]:
        """Return an item's pictures with what the decision saw in each, as `draw` does."""
        caption = ": ".join(filter(None, (decision.visibility, ", ".join(decision.rules))))
        return tuple(
            self.draw(picture, [one for one in decision.signals if one.picture == place], caption)
            for place, picture in enumerate(pictures, 1)
        )

    def _turn(self, item: Item, brief: Brief) -> Future[Sight] | Sight:
        turn = self._turns.take(item, lambda item: self.see(item, brief))
        if turn is None:
            why = Evidence(EvidenceKind.waiting_budget, about=str(self._turns.waiting_max))
            return Sight(not_inspected(item, why))
        return turn

    def _remembered(self, digests: list[str], at: datetime) -> tuple[dict[str, Look], bool]:
        """Return what was seen in pictures before, and whether there are bans to look out for."""
        if self._read is None or missing():
            return {}, False
        with self._read() as connection:
            while marks := marks_after(connection, self._index.newest):
                self._index.add_many(marks)
            return load_looks(connection, digests), leads_banned(connection, at)

    def _inspected(
        self, picture: bytes, digest: str, before: Look | None, goal: Goal
    ) -> Inspection:
        if is_absent(picture):
            return Inspection(Look(refused=Gap(GapKind.not_had)), is_lasting=False)
        fatal = self._killers.get(digest)
        if fatal is not None:
            return Inspection(replace(before or Look(), refused=fatal))
        refusal = None
        if self._budget and not self.pool.unavailable and needs_work(before, goal.depth):
            refusal = self._budget.refusal(goal.author, goal.at)
        if refusal is not None:
            return Inspection(replace(before or Look(), refused=refusal), is_lasting=False)
        seen = look_into(picture, before, goal, self.pool)
        if self._budget:
            self._budget.charge(goal.author, seen.look.cost - (before or Look()).cost)
        if seen.worth_another and seen.look.refused:
            self._killers.add(digest, seen.look.refused)
        return seen

    def _goal(self, item: Item, place: int, brief: Brief, depth: Depth) -> Goal:
        def is_enough(seen: Inspection) -> bool:
            found = signals_of(seen, place, depth, brief)
            return is_settled(brief.policy, item, [one for one in found if stays(one)])

        def find_known(imprint: Imprint) -> list[KnownPicture]:
            return self._known(imprint, brief.at)

        return Goal(item.author, depth, brief.at, find_known, is_enough)

    def _known(self, imprint: Imprint, at: datetime) -> list[KnownPicture]:
        """Return the pictures that are kept from being shown now, the likeliest first."""
        near = {one.mark: one for one in self._index.candidates(imprint)}
        if not near or self._read is None:
            return []
        with self._read() as connection:
            found = known_pictures(connection, list(near), at)
        rank = {mark: place for place, mark in enumerate(near)}
        best: dict[str, KnownPicture] = {}
        for row in sorted(found, key=lambda row: (rank[row.mark], not row.is_banned)):
            known = KnownPicture(near[row.mark], row.sha256, row.look, row.is_banned)
            best.setdefault(row.sha256, known)
        return list(best.values())


def needs_work(look: Look | None, depth: Depth) -> bool:
    """Whether a picture has to be looked into, after what was seen of it before."""
    if look is None or depth is Depth.nothing:
        return depth is not Depth.nothing
    if look.refused:
        return False
    return (depth >= Depth.barcodes and look.barcodes is None) or (
        depth >= Depth.lines and look.lines is None
    )
