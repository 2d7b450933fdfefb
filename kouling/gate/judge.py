"""The judge: check → pictures → signals → past → decide, in one order for all who ask.

Items and the `Court` by which they are judged come in; for each a `Judgement` goes out, or the
error of an item that can't be judged, and its neighbours don't mind. A request, a file, a batch
over HTTP and a second look all come here: nothing else calls `decide`. Who keeps items does it in
two parts, `examine` before the transaction and `conclude` in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count, repeat
from typing import NamedTuple

from kouling.errors import InvalidInput
from kouling.fold import FoldedBatch, fold_many
from kouling.gate.decide import decide
from kouling.gate.detectors import Detectors
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.examination import Examination
from kouling.gate.gallery.gallery import Gallery
from kouling.gate.gallery.sight import Brief, Sight, not_inspected
from kouling.gate.item import checked_content
from kouling.gate.owner import owned
from kouling.gate.past import Memory, Past
from kouling.gate.policy.condition import Author
from kouling.gate.policy.policy import Policy, open_policy
from kouling.gate.records import Item, Judgement, Signal
from kouling.mint import KeyRing

_nothing, _no_pictures = Memory(), Sight()


class Court(NamedTuple):
    """What items are judged by: detectors, a policy and a time; a gallery and a past, or none.

    With a key ring our own and registered issuers' codes are told from foreign ones; without it
    codes that could be ours are of an unknown party. Without a
    gallery no picture is looked into, and none counts as clean. Without a past every item is the
    first one, and nobody is banned. With `places` pictures are looked into there alone.
    """

    detectors: Detectors
    ring: KeyRing | None
    policy: Policy
    at: datetime
    gallery: Gallery | None = None
    past: Past | None = None
    places: frozenset[int] | None = None

    @classmethod
    def open(
        cls, detectors: Detectors, ring: KeyRing, at: datetime, gallery: Gallery | None
    ) -> Court:
        """Return a court under which everything passes, until it is given a policy."""
        return cls(detectors, ring, open_policy(), at, gallery)

    def as_of(self, at: datetime) -> Court:
        """Return the same court at a time: before its policy's date everything passes."""
        policy = self.policy.as_of(at)
        return Court(self.detectors, self.ring, policy, at, self.gallery, self.past, self.places)


def judge_items(
    items: Sequence[Item | InvalidInput], court: Court
) -> list[Judgement | InvalidInput]:
    """Judge a batch of items, each for itself; an error in the place of an item is passed on."""
    return [
        one if isinstance(one, InvalidInput) else conclude(one, court.policy, court.at, court.past)
        for one in examine(items, court)
    ]


def examine(items: Sequence[Item | InvalidInput], court: Court) -> list[Examination | InvalidInput]:
    """Check items and see what is in them: the part that needs no transaction."""
    checked = [_checked(one) for one in items]
    good = [one for one in checked if isinstance(one, Item)]
    examinations = examine_checked(good, court)
    if len(good) == len(checked):
        return [*examinations]
    examined = iter(examinations)
    return [next(examined) if isinstance(one, Item) else one for one in checked]


def examine_checked(items: Sequence[Item], court: Court) -> list[Examination]:
    """See what is in items that were checked."""
    sights, texts = _sights(items, court), fold_many([item.text for item in items])
    signals = _signals(texts, sights, court)
    return list(map(Examination, items, signals, sights, repeat(texts), count()))


def conclude(
    examination: Examination, policy: Policy, at: datetime, past: Past | None = None
) -> Judgement:
    """Ask the past about an item that was examined, and decide by a policy: the closing part."""
    item, signals, sight = examination.item, examination.signals, examination.sight
    memory = _nothing if past is None else past(examination)
    if memory.signals or item.pictures:
        signals = (*signals, *memory.signals, *sight.missing_under(policy, item))
    author = Author(item.author, memory.author_banned)
    return Judgement(decide(item, signals, author, policy, at), sight.looks, memory.bands)


def _checked(item: Item | InvalidInput) -> Item | InvalidInput:
    if isinstance(item, InvalidInput):
        return item
    try:
        return checked_content(item)
    except InvalidInput as error:
        return error


def _signals(texts: FoldedBatch, sights: Sequence[Sight], court: Court) -> list[tuple[Signal, ...]]:
    """Return the signals of each item, those of its text by place, then those of its pictures."""
    found = court.detectors.inspect_folded(texts, court.ring)
    return [
        owned((*in_text, *sight.signals), court.ring) if in_text or sight.signals else ()
        for in_text, sight in zip(found, sights, strict=True)
    ]


def _sights(items: Sequence[Item], court: Court) -> list[Sight]:
    if not any(item.pictures for item in items):
        return [_no_pictures] * len(items)
    if court.gallery is None:
        return [Sight(not_inspected(item, Evidence(EvidenceKind.no_reader))) for item in items]
    brief = Brief(court.policy, court.detectors, court.ring, court.at, court.places)
    return court.gallery.see_all(items, brief)
