"""A revision: on an item that is kept, a decision takes the place of the one that held so far.

A person's ruling leads to one, and so does a second look at pictures that could not be inspected.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from kouling.db import Connection
from kouling.gate.judge import conclude
from kouling.gate.past import bans_of
from kouling.gate.records import Decision, Item, Judgement
from kouling.gate.review.again import Again
from kouling.gate.review.review import Ruling, reviewed
from kouling.gate.table import close_case, load_decision, open_case, replace_decision


class Revision(NamedTuple):
    """An item, the decision that held before, and the judgement that holds from now on."""

    item: Item
    before: Decision
    judgement: Judgement


def rule_on(ruling: Ruling, connection: Connection, at: datetime) -> Revision:
    """Close an item's case by a person's ruling; raise `NotFound` or `Conflict` if none waits."""
    case = open_case(connection, ruling.item)
    judgement = reviewed(case, ruling, at)
    item = replace_decision(connection, judgement)
    close_case(connection, judgement.decision, ruling.reviewer, ruling.reason)
    return Revision(item, case.decision, judgement)


def decide_again(again: Again, connection: Connection, at: datetime) -> Revision:
    """Decide on what is seen now, by the policy that it was decided by before, and by bans.

    The case is closed unless something else in it waits. What was decided otherwise in between
    holds.
    """
    item, before, policy = again.unseen.item, again.unseen.decision, again.unseen.policy
    now = load_decision(connection, item.id)
    if now != before:
        return Revision(item, now, Judgement(now))
    judgement = conclude(again.examination, policy, at, bans_of(connection, at))
    item = replace_decision(connection, judgement)
    if not judgement.decision.review:
        close_case(connection, judgement.decision)
    return Revision(item, before, judgement)
