"""Signals of labelled messages come in, the laboratory's score of them goes out.

So one rule says everywhere which message is found and which span is right.
"""

from collections.abc import Iterable, Sequence

from benchmarks.bench.data import Message
from kouling.gate import Party, Signal
from kouling.lab import Labelled, Material, Tally, try_disguises

share_kinds = ("share_code", "share_link")

Signals = tuple[Signal, ...]


def score_of(messages: Sequence[Message], signals: Sequence[Signals]) -> Tally:
    """Return how many of the messages and of their codes are found by signals known already."""
    return next(iter(try_disguises([None], material_of(messages), lambda _: signals)))


def material_of(messages: Iterable[Message], negatives: Iterable[Message] = ()) -> Material:
    """Return messages as the laboratory takes them."""
    labelled = tuple(Labelled(message.text, message.codes) for message in messages)
    return Material(labelled, tuple(negative.text for negative in negatives))


def is_found(signals: Iterable[Signal]) -> bool:
    """Whether a text has somebody else's share code or link."""
    return any(one.kind in share_kinds and one.party == Party.foreign for one in signals)


def ratio(part: int, whole: int) -> float:
    """Return a share; of nothing, all is right."""
    return part / whole if whole else 1.0


def mean(values: Iterable[float]) -> float:
    """Return the plain mean."""
    values = list(values)
    return sum(values) / len(values)
