"""A pack and a policy of 20 rules become a gate that decides batches, as a platform would."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks.bench.rules import policy_text
from benchmarks.bench.tree import from_first
from kouling.gate import Detectors, Item, Policy, Surface, read_policy
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
author = UserId("seller")
ring = KeyRing("kouling", (Key(issuer="kouling", secret=bytes(range(32)), mints_from=moment),))

Decide = Callable[[Sequence[Item]], object]


class Gate:
    """Detectors and a policy, ready to decide a batch from text to statement of reasons."""

    def __init__(self, detectors: Detectors, readers_count: int = 0) -> None:
        self.detectors = detectors
        self.triggers = triggers_of(detectors.pack)
        self.scanner = scanner(self.triggers)
        policy = read_policy(policy_text(readers_count))
        try:
            self.decide = judging(detectors, policy)
        except ImportError:
            self.decide = deciding_before_the_judge(detectors, policy)


def judging(detectors: Detectors, policy: Policy) -> Decide:
    """Return the one judge."""
    from kouling.gate import Court, judge_items

    court = Court(detectors, ring, policy, moment)
    return lambda items: judge_items(items, court)


def deciding_before_the_judge(detectors: Detectors, policy: Policy) -> Decide:
    """Return how a caller decided in trees that have no judge, to compare with."""
    gate = import_module("kouling.gate")
    known = gate.Author(author, banned=False)

    def decide(items: Sequence[Item]) -> None:
        signals = gate.inspect(items, detectors, ring)
        for item, found in zip(items, signals, strict=True):
            gate.decide(item, found, known, policy, moment)

    return decide


def items_of(texts: Sequence[str]) -> list[Item]:
    """Return the texts as items of moments."""
    return [
        Item(id=ItemId(f"item-{number}"), author=author, surface=Surface.moments, text=text)
        for number, text in enumerate(texts)
    ]
