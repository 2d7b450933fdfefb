"""Posting: an item is examined before its transaction, and concluded on and kept in it."""

from __future__ import annotations

from datetime import datetime

from kouling.db import Connection
from kouling.gate.examination import Examination
from kouling.gate.gallery.gallery import Read
from kouling.gate.item import checked_item
from kouling.gate.judge import Court, conclude, examine_checked
from kouling.gate.past import past_of
from kouling.gate.records import Item, Judgement
from kouling.gate.table import policy_in_force, store_decision


def examine_posted(item: Item, court: Court, read: Read) -> Examination:
    """Examine one item that is to be kept, before its transaction; raise if it can't be.

    How far its pictures are looked into is for the policy to say that is in force now.
    """
    item = checked_item(item)
    if item.pictures:
        with read() as connection:
            court = court._replace(policy=policy_in_force(connection, court.at))
    [examination] = examine_checked([item], court)
    return examination


def conclude_posted(
    connection: Connection, examination: Examination, court: Court, at: datetime
) -> Judgement:
    """Conclude on an item by the policy in force and all that was before it, and keep both.

    Raises `NotFound` if it comments on nothing.
    """
    policy = policy_in_force(connection, at)
    past = past_of(connection, court.detectors, court.ring, at)
    judgement = conclude(examination, policy, at, past)
    store_decision(connection, examination.item, judgement)
    return judgement
