"""A pack and a policy of 20 rules become a gate that decides batches, as a platform would."""

from collections.abc import Sequence
from datetime import UTC, datetime

from kouling.gate import Court, Detectors, Item, Surface, judge_items, read_policy
from kouling.gate.text.scan import scanner
from kouling.gate.text.triggers import triggers_of
from kouling.mint import Key, KeyRing
from speed.rules import policy_text

moment = datetime(2026, 11, 22, tzinfo=UTC)
author = "seller"
ring = KeyRing("kouling", (Key(issuer="kouling", secret=bytes(range(32)), mints_from=moment),))


class Gate:
    """Detectors and a policy, ready to decide."""

    def __init__(self, detectors: Detectors, readers_count: int = 0) -> None:
        self.detectors = detectors
        self.triggers = triggers_of(detectors.pack)
        self.scanner = scanner(self.triggers)
        policy = read_policy(policy_text(readers_count))
        self.court = Court(detectors, ring, policy, moment)

    def decide(self, items: Sequence[Item]) -> None:
        """Decide a batch from text to statement of reasons."""
        judge_items(items, self.court)


def items_of(texts: Sequence[str]) -> list[Item]:
    """Return the texts as items of moments."""
    return [
        Item(id=f"item-{number}", author=author, surface=Surface.moments, text=text)
        for number, text in enumerate(texts)
    ]
