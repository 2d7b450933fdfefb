"""A pack and a policy of 20 rules become a gate that decides batches, as a platform would."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.bench.rules import policy_text
from benchmarks.bench.tree import from_first
from kouling.gate import Author, Detectors, Item, Surface, decide, inspect, read_policy
from kouling.ids import ItemId, UserId
from kouling.mint import Key, KeyRing

if TYPE_CHECKING:
    from kouling.gate.text.scan import scanner
    from kouling.gate.text.triggers import triggers_of
else:
    scanner = from_first("kouling.gate.text.scan:scanner", "kouling.gate.scan:scanner")
    triggers_of = from_first(
        "kouling.gate.text.triggers:triggers_of", "kouling.gate.detectors.triggers:triggers_of"
    )

moment = datetime(2026, 11, 22, tzinfo=UTC)
author = Author("seller", banned=False)
ring = KeyRing("kouling", (Key(issuer="kouling", secret=bytes(range(32)), mints_from=moment),))


class Gate:
    """Detectors and a policy, ready to decide."""

    def __init__(self, detectors: Detectors, readers_count: int = 0) -> None:
        self.detectors = detectors
        self.triggers = triggers_of(detectors.pack)
        self.scanner = scanner(self.triggers)
        self.policy = read_policy(policy_text(readers_count))

    def decide(self, items: Sequence[Item]) -> None:
        """Decide a batch from text to statement of reasons."""
        signals = inspect(items, self.detectors, ring)
        for item, found in zip(items, signals, strict=True):
            decide(item, found, author, self.policy, moment)


def items_of(texts: Sequence[str]) -> list[Item]:
    """Return the texts as items of moments."""
    return [
        Item(
            id=ItemId(f"item-{number}"),
            author=UserId(author.id),
            surface=Surface.moments,
            text=text,
        )
        for number, text in enumerate(texts)
    ]
