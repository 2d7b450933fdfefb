"""A ban as it is asked for: its subject in normal form, a reason, and an end that can be stored."""

from __future__ import annotations

from datetime import datetime

from kouling.clock import in_utc
from kouling.gate.item import check_reason
from kouling.gate.records import Ban, Subject
from kouling.gate.subject import read_subject


def read_ban(subject: Subject, reason: str, until: datetime | None) -> Ban:
    """Return a ban until a time, or until it is lifted; raise `InvalidInput` if it can't be one."""
    subject = read_subject(subject.kind, subject.value)
    check_reason(reason, "ban")
    return Ban(subject, reason, None if until is None else in_utc(until))
