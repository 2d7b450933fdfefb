"""Queued pictures that could not be inspected are looked into again, once that can be done.

A worker that was lost or a budget that was used up says nothing of a picture. What can't be
decoded, or was left out for its size, would be the same again and stays for a reviewer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from kouling.db import Connection
from kouling.eventlog import Request, natural_key
from kouling.gate.decide import decide
from kouling.gate.detectors import Detectors
from kouling.gate.detectors.banned_subject import banned_subjects, subjects_of
from kouling.gate.gallery.gallery import Gallery, Judge, needs_work
from kouling.gate.inspect import inspect
from kouling.gate.policy.condition import Author
from kouling.gate.policy.depth import depth_needed
from kouling.gate.policy.policy import Policy
from kouling.gate.records import Decision, Item, Signal, queue_max
from kouling.gate.table import (
    Looks,
    banned,
    is_banned,
    leads_banned,
    load_items,
    load_looks,
    policy_of_version,
    read_queue,
)
from kouling.mint import KeyRing


class Unseen(NamedTuple):
    """A queued item with pictures to look into again, by their places, and what it is judged by."""

    item: Item
    places: tuple[int, ...]
    decision: Decision
    policy: Policy


class Again(NamedTuple):
    """What is seen in an item now, where other pictures than the ones looked into count as before.

    `looks` are to be stored.
    """

    unseen: Unseen
    signals: tuple[Signal, ...]
    looks: Looks


def unseen_items(connection: Connection, count: int, at: datetime) -> list[Unseen]:
    """Return so many of the queued items with pictures that may be inspected now, oldest first."""
    bans = leads_banned(connection, at)
    found: list[Unseen] = []
    for unseen in _queued(connection):
        digests = {place: _digest(unseen.item.pictures[place - 1]) for place in unseen.places}
        looks, depth = (
            load_looks(connection, digests.values()),
            depth_needed(unseen.policy, unseen.item.surface, bans=bans),
        )
        places = [one for one in unseen.places if needs_work(looks.get(digests[one]), depth)]
        if places:
            found.append(unseen._replace(places=tuple(places)))
        if len(found) == count:
            break
    return found


def look_again(
    items: Iterable[Unseen], gallery: Gallery, detectors: Detectors, ring: KeyRing, at: datetime
) -> Iterator[Again]:
    """Look into pictures again, one item after the other; left out are those that still fail."""
    for unseen in items:
        again = _looked(unseen, gallery, Judge(unseen.policy, detectors, ring, at))
        if again is not None:
            yield again


def _looked(unseen: Unseen, gallery: Gallery, judge: Judge) -> Again | None:
    pictures = tuple(unseen.item.pictures[place - 1] for place in unseen.places)
    part = replace(unseen.item, text="", pictures=pictures)
    seen = gallery.see(part, judge)
    (found,) = inspect([part], judge.detectors, judge.ring, [seen.signals])
    placed = [replace(one, picture=unseen.places[one.picture - 1]) for one in found]
    kept = [
        one
        for one in unseen.decision.signals
        if one.picture not in unseen.places and one.detector != "banned_subject"
    ]
    if {one.picture for one in placed if one.kind == "not_inspected"} == set(unseen.places):
        return None
    return Again(unseen, (*kept, *placed), seen.looks)


def decide_again(connection: Connection, again: Again, at: datetime) -> Decision:
    """Return the decision on what is seen now, by the policy that it was decided by, and bans."""
    item, signals, policy = again.unseen.item, again.signals, again.unseen.policy
    bans = banned(connection, subjects_of(item, signals), at)
    author = Author(item.author, is_banned(connection, item.author, at))
    found = (*signals, *banned_subjects(item, signals, bans))
    return decide(item, found, author, policy, at)


def request_again(before: Decision) -> Request:
    """Return the request to replace a decision by what is seen now; it is made once."""
    digest = hashlib.sha256(msgspec.json.encode(before)).hexdigest()
    return Request("look_again", natural_key(before.item, digest), before.item)


def _queued(connection: Connection) -> Iterator[Unseen]:
    """Yield the items that wait because of pictures, oldest first."""
    newest = 0
    while cases := read_queue(connection, newest, queue_max).cases:
        newest = cases[-1].number
        unseen = {case.item: _places(case.decision) for case in cases}
        items = load_items(connection, [item for item, places in unseen.items() if places])
        for case in cases:
            if case.item in items:
                policy = policy_of_version(connection, case.decision.policy_version)
                yield Unseen(items[case.item], unseen[case.item], case.decision, policy)


def _places(decision: Decision) -> tuple[int, ...]:
    signals = decision.signals
    return tuple(sorted({one.picture for one in signals if one.kind == "not_inspected"} - {0}))


def _digest(picture: bytes) -> str:
    return hashlib.sha256(picture).hexdigest()
