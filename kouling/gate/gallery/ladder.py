"""The ladder: one picture is looked into step by step, the cheap steps first.

Opened → known again by its looks → barcodes → print. A step is done only if a rule may ask for
it, nothing found before decides, and it was not done for the same bytes before. What a worker
refuses or does not answer ends the climb, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from kouling.gate.detectors.near_duplicate import KnownPicture, Resemblance
from kouling.gate.policy.depth import Depth
from kouling.gate.text.content import agreement, is_alike, needs_lines
from kouling.ids import UserId
from kouling.picture import (
    Cost,
    Gap,
    Imprint,
    Likeness,
    Line,
    Look,
    Lost,
    Pool,
    Question,
    Reply,
    Session,
    candidates_max,
    perhaps_worker,
)

lines_max = 80
"""Lines of print that are read in one picture."""


class Inspection(NamedTuple):
    """What was seen of a picture, and which known ones it looks like.

    `is_lasting` tells whether the same would be seen again: not so if there was no worker.
    `worth_another` tells whether what was refused may be the fault of the worker.
    """

    look: Look
    resemblances: tuple[Resemblance, ...] = ()
    is_lasting: bool = True
    worth_another: bool = False


class Goal(NamedTuple):
    """For whom and how deep to look, which known ones are near, what makes more needless."""

    author: UserId
    depth: Depth
    at: datetime
    find_known: Callable[[Imprint], Sequence[KnownPicture]]
    is_enough: Callable[[Inspection], bool]


def look_into(picture: bytes, before: Look | None, goal: Goal, pool: Pool) -> Inspection:
    """Look into a picture up to a goal; `before` is what was seen of the same bytes earlier.

    What may be the fault of a worker that was used before is tried once more in a fresh one.
    """
    seen = _tried(picture, before or Look(), goal, pool, fresh=False)
    if seen.worth_another:
        again = replace(seen.look, refused=None)
        seen = _tried(picture, again, goal, pool, fresh=True)
    return seen


def _tried(picture: bytes, before: Look, goal: Goal, pool: Pool, *, fresh: bool) -> Inspection:
    with ExitStack() as until_done:
        climb = _Climb(picture, before, until_done, lambda: pool.session(goal.author, fresh=fresh))
        try:
            return climb.up(goal)
        except Lost as lost:
            climb.spend(lost.cost)
            doubtful = lost.gap.kind in perhaps_worker and not pool.unavailable
            refused = replace(climb.look, refused=lost.gap)
            return Inspection(refused, is_lasting=doubtful, worth_another=doubtful)
        except _Refused as told:
            doubtful = told.gap.kind in perhaps_worker and not climb.is_fresh
            return Inspection(replace(climb.look, refused=told.gap), worth_another=doubtful)


class _Refused(Exception):
    """A worker refused a step."""

    def __init__(self, gap: Gap) -> None:
        self.gap = gap
        super().__init__(str(gap))


class _Climb:
    """One picture on its way up; a worker is taken when the first step needs one."""

    def __init__(
        self,
        picture: bytes,
        look: Look,
        until_done: ExitStack,
        session: Callable[[], AbstractContextManager[Session]],
    ) -> None:
        self.look, self.is_fresh = look, True
        self._picture, self._until_done, self._take = picture, until_done, session
        self._session: Session | None = None
        self._lines_in_mirror: tuple[Line, ...] | None = None

    def up(self, goal: Goal) -> Inspection:
        """Do the steps that are needed."""
        if goal.depth is Depth.nothing or self.look.refused:
            return Inspection(self.look)
        self._imprint()
        alike = self._alike(goal)
        depth = max(goal.depth, self._depth_to_compare(alike))
        if depth >= Depth.barcodes:
            self._barcodes()
        compared = self._compared(alike)
        if depth < Depth.lines or goal.is_enough(compared):
            return compared
        self._lines()
        if any(likes.mirrored and needs_lines(known.look, likes) for known, likes in alike):
            self._lines_in_mirror = self._ask(_lines_of(mirrored=True)).lines
        return self._compared(alike)

    def _imprint(self) -> None:
        if self.look.opened is None:
            self._open()
        if self.look.imprint is None:
            self._keep(imprint=self._ask(Question(step="imprint")).imprint)

    def _alike(self, goal: Goal) -> list[tuple[KnownPicture, Likeness]]:
        """Return the known pictures that look alike, once this one is laid on them."""
        ours = self.look.imprint
        assert ours is not None
        found = goal.find_known(ours)
        near = [(one, one.look.imprint) for one in found if one.look.imprint][:candidates_max]
        if not near:
            return []
        theirs = tuple(imprint for _, imprint in near)
        told = self._ask(Question(step="likeness", known=theirs)).likeness
        return [
            (known, likeness)
            for (known, _), likeness in zip(near, told, strict=True)
            if is_alike(likeness)
        ]

    def _depth_to_compare(self, alike: Sequence[tuple[KnownPicture, Likeness]]) -> Depth:
        if any(needs_lines(known.look, likes) for known, likes in alike):
            return Depth.lines
        return Depth.barcodes if any(likes.spots for _, likes in alike) else Depth.nothing

    def _compared(self, alike: Sequence[tuple[KnownPicture, Likeness]]) -> Inspection:
        """Say of each known picture whether this one says the same, in a mirror if alike there."""
        mirrored = replace(self.look, lines=self._lines_in_mirror)
        ways = {False: self.look, True: mirrored}
        found = (
            Resemblance(one, likes, agreement(ways[likes.mirrored], one.look, likes))
            for one, likes in alike
        )
        return Inspection(self.look, tuple(found))

    def _barcodes(self) -> None:
        if self.look.barcodes is None:
            self._keep(barcodes=self._ask(Question(step="barcodes")).barcodes)

    def _lines(self) -> None:
        if self.look.lines is None:
            self._keep(lines=self._ask(_lines_of()).lines)

    def _open(self) -> Session:
        if self._session is None:
            session = self._until_done.enter_context(self._take())
            self.is_fresh = session.is_fresh
            opened = self._told(session.ask(Question(step="open", picture=bytes(self._picture))))
            self._session = session
            self._keep(opened=opened.opened)
        return self._session

    def _ask(self, question: Question) -> Reply:
        return self._told(self._open().ask(question))

    def _told(self, reply: Reply) -> Reply:
        """Keep what a step took and left out; raise if it was refused."""
        left_out = (*self.look.left_out, reply.left_out) if reply.left_out else ()
        self.spend(reply.cost)
        self._keep(left_out=tuple(dict.fromkeys(left_out)) or self.look.left_out)
        if reply.refused:
            raise _Refused(reply.refused)
        return reply

    def spend(self, cost: Cost) -> None:
        """Add to what the picture has cost."""
        self._keep(cost=self.look.cost + cost)

    def _keep(self, **seen: Any) -> None:
        self.look = replace(self.look, **seen)


def _lines_of(*, mirrored: bool = False) -> Question:
    return Question(step="lines", lines_max=lines_max, mirrored=mirrored)
