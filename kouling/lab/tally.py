"""Disguised messages come in with what the gate saw in them; counts and rates go out.

A message is found if one of its texts has a share code or share link of a foreign party. A span
is right if it holds the labelled code and at most two characters more on either side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from zlib import crc32

from kouling.gate import Party, Signal
from kouling.ids import random_bytes
from kouling.lab.disguises import Disguise
from kouling.lab.rival import Rival
from kouling.lab.snippets import comment_break, core_length_min

span_slack_max = 2
"""Characters that a right span may hold beyond the labelled code, on either side."""

share_kinds = frozenset({"share_code", "share_link"})

Signals = tuple[Signal, ...]
Inspect = Callable[[Sequence[str]], Sequence[Signals]]
"""Texts → the signals in each: `Detectors.inspect`."""

_run = re.compile(r"[A-Za-z0-9]+")


class Labelled(NamedTuple):
    """A share message and the codes in it, each a substring of the text."""

    text: str
    codes: tuple[str, ...]


class Material(NamedTuple):
    """What the disguises are put on; the seed settles every choice they leave open."""

    messages: tuple[Labelled, ...]
    negatives: tuple[str, ...] = ()
    seed: int = 1

    def drawn(self, count: int) -> Material:
        """Return the same with so many of the messages, drawn by the seed, in their order."""
        places = range(len(self.messages))
        ranks = sorted(places, key=lambda place: crc32(f"{self.seed} {place}".encode()))
        chosen = sorted(ranks[:count])
        return self._replace(messages=tuple(self.messages[place] for place in chosen))


class Tally(NamedTuple):
    """What was found under one disguise; `rival_…` are None without a rival.

    `messages` counts those that the disguise changed: one for links alone leaves a message
    without a link as it is, and such a message says nothing about it.
    """

    disguise: str
    messages: int = 0
    found: int = 0
    codes: int = 0
    exact: int = 0
    negatives: int = 0
    false_alarms: int = 0
    rival_found: int | None = None
    rival_false_alarms: int | None = None

    @property
    def recall(self) -> float | None:
        """Found messages per message."""
        return rate(self.found, self.messages)

    @property
    def exact_rate(self) -> float | None:
        """Codes with a right span per labelled code."""
        return rate(self.exact, self.codes)

    @property
    def rival_recall(self) -> float | None:
        """Messages that the rival found per message."""
        return rate(self.rival_found, self.messages)


def try_disguises(
    disguises: Sequence[Disguise | None],
    material: Material,
    inspect: Inspect,
    rival: Rival | None = None,
) -> Iterator[Tally]:
    """Yield the tally of each disguise in turn; None stands for the messages as they are."""
    return (measure(disguise, material, inspect, rival) for disguise in disguises)


def measure(
    disguise: Disguise | None, material: Material, inspect: Inspect, rival: Rival | None = None
) -> Tally:
    """Put a disguise on all messages and negatives and count what is found in them."""
    messages = list(disguised(disguise, material))
    negatives = list(disguised_negatives(disguise, material))
    seen = _inspected([message.text for message in messages], inspect)
    alarms = _inspected([negative.text for negative in negatives], inspect)
    return Tally(
        disguise=disguise.name if disguise else "none",
        messages=len(messages),
        found=sum(map(is_found, seen)),
        codes=sum(len(message.codes) for message in messages),
        exact=sum(map(exact_codes, messages, seen)),
        negatives=len(negatives),
        false_alarms=sum(map(is_found, alarms)),
        rival_found=_rival_count(rival, messages),
        rival_false_alarms=_rival_count(rival, negatives),
    )


def pooled_tally(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of all tallies."""
    first, *rest = tallies
    for tally in rest:
        counts = map(_sum, first[1:], tally[1:])
        first = Tally("pooled", *counts)  # type: ignore[arg-type]  # counts in the same order
    return first._replace(disguise="pooled")


def disguised(disguise: Disguise | None, material: Material) -> Iterator[Labelled]:
    """Yield the messages that the disguise changes, changed."""
    for place, message in enumerate(material.messages):
        if disguise is None:
            yield message
            continue
        text, codes = disguise(_chance(disguise, material, place), *message)
        if text != message.text:
            yield Labelled(text, codes)


def disguised_negatives(disguise: Disguise | None, material: Material) -> Iterator[Labelled]:
    """Yield each negative with the disguise on its longest run of Latin letters and digits."""
    for place, text in enumerate(material.negatives):
        run = max(_run.findall(text), key=len, default="")
        if disguise is None or len(run) < core_length_min:
            yield Labelled(text, ())
        else:
            yield Labelled(*disguise(_chance(disguise, material, -1 - place), text, (run,)))


def comments(text: str) -> list[str]:
    """Return the texts of a message: one, or the comments it was split over."""
    return text.split(comment_break)


def is_found(seen: Iterable[Signals]) -> bool:
    """Say whether any of a message's texts has a foreign share code or share link."""
    return any(_is_share(signal) for signals in seen for signal in signals)


def exact_codes(message: Labelled, seen: Sequence[Signals]) -> int:
    """Count the labelled codes that some signal gives the right span of."""
    texts = comments(message.text)
    return sum(any(map(_has_exact, texts, [code] * len(texts), seen)) for code in message.codes)


def rate(part: int | None, whole: int) -> float | None:
    """Return the part of the whole, or None where there is nothing to count."""
    return None if part is None or not whole else part / whole


def _has_exact(text: str, code: str, signals: Signals) -> bool:
    start = text.find(code)
    while start >= 0:
        end = start + len(code)
        for signal in filter(_is_share, signals):
            before, after = start - signal.start, signal.end - end
            if 0 <= before <= span_slack_max and 0 <= after <= span_slack_max:
                return True
        start = text.find(code, start + 1)
    return False


def _is_share(signal: Signal) -> bool:
    return signal.kind in share_kinds and signal.party is Party.foreign


def _inspected(texts: list[str], inspect: Inspect) -> list[list[Signals]]:
    """Inspect all texts at once; a message's comments stay together."""
    split = [comments(text) for text in texts]
    signals = iter(inspect([part for parts in split for part in parts]))
    return [list(islice(signals, len(parts))) for parts in split]


def _rival_count(rival: Rival | None, messages: list[Labelled]) -> int | None:
    if rival is None:
        return None
    return sum(rival.finds(comments(message.text)) for message in messages)


def _chance(disguise: Disguise, material: Material, place: int) -> Callable[[int], bytes]:
    return random_bytes(crc32(f"{material.seed} {disguise.name} {place}".encode()))


def _sum(one: int | str | None, other: int | str | None) -> int | None:
    return one + other if isinstance(one, int) and isinstance(other, int) else None
