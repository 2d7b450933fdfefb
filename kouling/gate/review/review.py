"""Review: what a person decides about an item that waits takes the place of the gate's decision.

A case comes in and a decision goes out; nothing here reads a clock or a table.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from kouling.errors import InvalidInput, LimitExceeded
from kouling.gate.item import check_text
from kouling.gate.records import (
    Case,
    Judgement,
    Subject,
    SubjectKind,
    Visibility,
    review_reason_max,
)
from kouling.language import written


def check_reason(reason: str, of: str = "review") -> None:
    """Raise `InvalidInput` or `LimitExceeded` unless the reason of a review or ban can be kept."""
    check_text(reason)
    if not reason.strip():
        raise InvalidInput(f"a {of} needs a reason", hint="say in words why it is decided so")
    if len(reason) > review_reason_max:
        message = f"the reason has {len(reason)} characters"
        raise LimitExceeded(message, hint=f"at most {review_reason_max} are taken")


def outcome_named(name: str) -> Visibility:
    """Return the visibility of a name; raise `InvalidInput` if there is none."""
    try:
        return Visibility(name)
    except ValueError:
        known = ", ".join(Visibility)
        raise InvalidInput(f"{name!r:.60} is no outcome", hint=f"one of: {known}") from None


def reviewed(case: Case, visibility: Visibility, reason: str, at: datetime) -> Judgement:
    """Return the decision that a reviewer puts in the place of the one that held so far.

    What was seen, and by which policy, stays. The reasons are those of the rules that applied or
    asked for the review, with the reviewer's words and outcome; allowing leaves none.
    """
    before = case.decision
    applied = {said.rule: said for said in (*before.review, *before.reasons)}
    text = written(reason)
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
