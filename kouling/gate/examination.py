"""An examination: what is seen in an item by itself, before anybody asks what was before it."""

from __future__ import annotations

from typing import NamedTuple

from kouling.eventlog import Request
from kouling.fold import Folded, FoldedBatch
from kouling.gate.gallery.sight import Sight
from kouling.gate.item import request_of
from kouling.gate.records import Item, Signal


class Examination(NamedTuple):
    """An item with the signals in it, the sight of its pictures, and its text as it was folded."""

    item: Item
    signals: tuple[Signal, ...]
    sight: Sight
    texts: FoldedBatch
    place: int

    @property
    def folded(self) -> Folded:
        """The item's text, folded."""
        return self.texts[self.place]

    @property
    def request(self) -> Request:
        """The request to gate the item, which its id identifies."""
        return request_of(self.item)
