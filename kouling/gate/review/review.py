"""Review: what a person decides about an item that waits takes the place of the gate's decision.

A case comes in and a decision goes out; nothing here reads a clock or a table.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from kouling.eventlog import Request, natural_key
from kouling.gate.item import check_reason
from kouling.gate.records import Case, Judgement, Subject, SubjectKind, Visibility
from kouling.ids import ItemId, UserId, check_id
from kouling.language import written


class Ruling(NamedTuple):
    """What a person decides about an item that waits, and why."""

    item: ItemId
    visibility: Visibility
    reason: str
    reviewer: UserId

    @property
    def request(self) -> Request:
        """The request to rule so; a reviewer rules on an item once."""
        body = [self.item, self.reviewer, self.visibility, self.reason]
        return Request("review", natural_key(self.item, self.reviewer), body)


def read_ruling(
    item: ItemId, visibility: Visibility | str, reason: str, reviewer: UserId
) -> Ruling:
    """Return a ruling; raise `InvalidInput` or `LimitExceeded` if it can't be one."""
    check_reason(reason, "review")
    check_id(reviewer, "reviewer's id")
    return Ruling(item, Visibility.named(visibility), reason, reviewer)


def reviewed(case: Case, ruling: Ruling, at: datetime) -> Judgement:
    """Return the decision that a reviewer puts in the place of the one that held so far.

    What was seen, and by which policy, stays. The reasons are those of the rules that applied or
    asked for the review, with the reviewer's words and outcome; allowing leaves none.
    """
    before, visibility = case.decision, ruling.visibility
    applied = {said.rule: said for said in (*before.review, *before.reasons)}
    text = written(ruling.reason)
    reasons = tuple(
        replace(said, outcome=visibility, text=text, about=()) for said in applied.values()
    )
    about = before.subjects or (Subject(SubjectKind.user, case.author),)
    allowed = visibility is Visibility.allow
    decision = replace(
        before,
        visibility=visibility,
        decided_at=at,
        rules=() if allowed else tuple(applied),
        reasons=() if allowed else reasons,
        subjects=() if allowed else about,
        review=(),
    )
    return Judgement(decision, looks=None)
