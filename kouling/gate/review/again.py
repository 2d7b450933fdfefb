"""Queued pictures that could not be inspected are looked into again, once that can be done.

A worker that was lost or a budget that was used up says nothing of a picture. What can't be
decoded, or was left out for its size, would be the same again and stays for a reviewer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import msgspec

from kouling.db import Connection
from kouling.errors import InvalidInput
from kouling.eventlog import Request, natural_key
from kouling.gate.examination import Examination
from kouling.gate.gallery.gallery import Read, needs_work
from kouling.gate.judge import Court, examine
from kouling.gate.picture import digest_of
from kouling.gate.policy.depth import depth_needed
from kouling.gate.policy.policy import Policy
from kouling.gate.records import Decision, Item, queue_max
from kouling.gate.table import (
    leads_banned,
    load_items,
    load_looks,
    policy_of_version,
    read_queue,
)


class Unseen(NamedTuple):
    """A queued item with pictures to look into again, by their places, and what it is judged by."""

    item: Item
    places: tuple[int, ...]
    decision: Decision
    policy: Policy


class Again(NamedTuple):
    """What is seen in an item now; pictures that were not looked into again count as before."""

    unseen: Unseen
    examination: Examination

    @property
    def request(self) -> Request:
        """The request to replace the decision by what is seen now; it is made once."""
        before = self.unseen.decision
        digest = hashlib.sha256(msgspec.json.encode(before)).hexdigest()
        return Request("look_again", natural_key(before.item, digest), before.item)


def look_again(read: Read, court: Court, count: int) -> Iterator[Again]:
    """Look into pictures of so many items again, oldest first; left out are those that still fail.

    Each is looked into under the policy that it was decided by. Raises `InvalidInput` for a count
    below 1.
    """
    if count < 1:
        raise InvalidInput(f"a count of {count} looks at nothing", hint="give 1 or more")
    with read() as connection:
        found = list(islice(_unseen(connection, court.at), count))
    for unseen in found:
        examination = _examined(unseen, court._replace(policy=unseen.policy))
        if examination is not None:
            yield Again(unseen, examination)


def _unseen(connection: Connection, at: datetime) -> Iterator[Unseen]:
    """Yield the queued items with pictures that may be inspected now, oldest first."""
    bans = leads_banned(connection, at)
    for unseen in _queued(connection):
        digests = {place: digest_of(unseen.item.pictures[place - 1]) for place in unseen.places}
        looks = load_looks(connection, digests.values())
        depth = depth_needed(unseen.policy, unseen.item.surface, bans=bans)
        places = [one for one in unseen.places if needs_work(looks.get(digests[one]), depth)]
        if places:
            yield unseen._replace(places=tuple(places))


def _queued(connection: Connection) -> Iterator[Unseen]:
    """Yield the items that wait because of pictures, oldest first."""
    newest = 0
    while cases := read_queue(connection, newest, queue_max).cases:
        newest = cases[-1].number
        unseen = {case.item: _places(case.decision) for case in cases}
        items = load_items(connection, [item for item, places in unseen.items() if places])
        for case in cases:
            if case.item in items:
                before = case.decision
                policy = policy_of_version(connection, before.policy_version, before.decided_at)
                yield Unseen(items[case.item], unseen[case.item], before, policy)


def _examined(unseen: Unseen, court: Court) -> Examination | None:
    """Look into what was not seen of an item, and put it to what was; None if it still fails."""
    [again] = examine([unseen.item], court._replace(places=frozenset(unseen.places)))
    assert isinstance(again, Examination), "what is stored was checked"
    seen = [one for one in again.signals if one.picture in unseen.places]
    if {one.picture for one in seen if one.kind == "not_inspected"} == set(unseen.places):
        return None
    kept = [
        one
        for one in unseen.decision.signals
        if one.picture not in unseen.places and one.detector != "banned_subject"
    ]
    return again._replace(signals=(*kept, *seen))


def _places(decision: Decision) -> tuple[int, ...]:
    signals = decision.signals
    return tuple(sorted({one.picture for one in signals if one.kind == "not_inspected"} - {0}))
