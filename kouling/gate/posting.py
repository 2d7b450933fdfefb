"""Posting: an item is examined before its transaction, and concluded on and kept in it.

Items that are only asked about come the same way, and nothing of them is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kouling.db import Connection
from kouling.errors import InvalidInput
from kouling.gate.examination import Examination
from kouling.gate.gallery.gallery import Read
from kouling.gate.item import checked_item
from kouling.gate.judge import Court, conclude, examine, examine_checked
from kouling.gate.past import past_of
from kouling.gate.policy.policy import Policy
from kouling.gate.records import Decision, Item, Judgement
from kouling.gate.table import policy_in_force, store_decision


def examine_posted(
    item: Item, court: Court, read: Read, policy: Policy | None = None
) -> Examination:
    """Examine one item that is to be kept, before its transaction; raise if it can't be.

    How far its pictures are looked into is for the policy to say: the one in force now, unless
    another is given.
    """
    item = checked_item(item)
    if item.pictures:
        with read() as connection:
            court = court._replace(policy=_chosen(connection, policy, court.at))
    [examination] = examine_checked([item], court)
    return examination


def inspect_items(
    items: Sequence[Item | InvalidInput], court: Court, read: Read, policy: Policy | None
) -> list[Decision | InvalidInput]:
    """Decide on items as a database stands, keeping nothing; what is wrong with one is its answer.

    Without a `policy` the one decides that is in force there at the court's time.
    """
    with read() as connection:
        chosen = _chosen(connection, policy, court.at)
    court = court._replace(policy=chosen)
    examined = examine(items, court)  # may look into pictures, so it holds no connection
    with read() as connection:
        past = past_of(connection, court.detectors, court.ring, court.at)
        return [
            one if isinstance(one, InvalidInput) else conclude(one, chosen, court.at, past).decision
            for one in examined
        ]


def conclude_posted(
    connection: Connection,
    examination: Examination,
    court: Court,
    at: datetime,
    policy: Policy | None = None,
) -> Judgement:
    """Conclude on an item by a policy and all that was before it, and keep both.

    Without a `policy` the one decides that is in force. Raises `NotFound` if it comments on
    nothing.
    """
    past = past_of(connection, court.detectors, court.ring, at)
    judgement = conclude(examination, _chosen(connection, policy, at), at, past)
    store_decision(connection, examination.item, judgement)
    return judgement


def _chosen(connection: Connection, policy: Policy | None, at: datetime) -> Policy:
    return policy.as_of(at) if policy else policy_in_force(connection, at)
