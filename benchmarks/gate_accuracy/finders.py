"""Who looks for share codes: our detectors, or a union of public regexes dressed as detectors."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from benchmarks.bench.labels import Signals, is_found
from kouling.gate import Detectors, Party, Signal

batch_size = 1_000


class Finder(NamedTuple):
    """Something that says where share codes stand.

    `inspect` gives each text's signals; `hits` says only whether there is a share code.
    """

    name: str
    inspect: Callable[[Sequence[str]], list[Signals]]
    hits: Callable[[Sequence[str]], list[bool]]


def our_finder(detectors: Detectors) -> Finder:
    """Return Kouling's own detectors."""

    def inspect(texts: Sequence[str]) -> list[Signals]:
        starts = range(0, len(texts), batch_size)
        return [one for at in starts for one in detectors.inspect(texts[at : at + batch_size])]

    return Finder("kouling", inspect, lambda texts: [is_found(one) for one in inspect(texts)])


def regex_finder(name: str, regexes: Sequence[re.Pattern[str]]) -> Finder:
    """Return a union of regexes; a group's span counts as much as the whole match's."""

    def inspect(texts: Sequence[str]) -> list[Signals]:
        return [tuple(_signals(text, regexes)) for text in texts]

    def hits(texts: Sequence[str]) -> list[bool]:
        return [any(regex.search(text) for regex in regexes) for text in texts]

    return Finder(name, inspect, hits)


def _signals(text: str, regexes: Sequence[re.Pattern[str]]) -> list[Signal]:
    return [
        Signal(
            detector="regex",
            kind="share_code",
            party=Party.foreign,
            start=match.start(group),
            end=match.end(group),
        )
        for regex in regexes
        for match in regex.finditer(text)
        for group in range(regex.groups + 1)
        if match.start(group) >= 0
    ]
