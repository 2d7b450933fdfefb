"""Addresses that run on over the end of a line.

A folded text comes in, `Reading`s come out: what stands right before a line break and right behind
it, as one. An address may be broken anywhere, so whether it was is left to whom it leads to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from string import ascii_letters, digits, punctuation

from kouling.fold import Folded
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.text.reading import Reading

reach_max = 600
"""Folded characters before a line break, and behind it, in which an address may stand."""

_ends = re.compile(r"[\n\v\f\r\x85\u2028\u2029]+")
_inside = ascii_letters + digits + punctuation
_over_lines = Evidence(EvidenceKind.over_lines)
_holds_address = "/?&=#%-_~+@"


def run_on(folded: Folded) -> Iterator[Reading]:
    """Yield what stands around each line break, or around several in a row, without them."""
    pieces: list[range] = []
    for break_ in _ends.finditer(folded.text):
        before, behind = _around(folded, break_.start(), break_.end())
        if not (pieces and before == pieces[-1]):
            yield from _joined(folded, pieces)
            pieces = [before]
        pieces.append(behind)
    yield from _joined(folded, pieces)


def breaks_at_sign(reading: Reading, start: int, end: int) -> bool:
    """Whether a stretch of such a reading is broken, and each time beside an address's own sign."""
    assert reading.starts is not None
    broken = [
        place
        for place in range(start + 1, end)
        if reading.starts[place] != reading.starts[place - 1] + 1
    ]
    return bool(broken) and all(
        reading.text[place - 1] in _holds_address or reading.text[place] in _holds_address
        for place in broken
    )


def _joined(folded: Folded, pieces: list[range]) -> Iterator[Reading]:
    pieces = [one for one in pieces if one]  # the first and the last may be empty
    if len(pieces) > 1:
        starts = list(chain.from_iterable(pieces))
        text = "".join(map(folded.folded.text.__getitem__, starts))
        yield Reading(text, starts, None, _over_lines)


def _around(folded: Folded, start: int, end: int) -> tuple[range, range]:
    """Return the runs of ASCII that end before a line break and begin behind it."""
    text = folded.folded.text
    first, past = _place(folded, start), _place(folded, end)
    before = text[max(0, first - reach_max) : first].rstrip(" ")
    behind = text[past : past + reach_max].lstrip(" ")
    ends_at = max(0, first - reach_max) + len(before)
    begins_at = past + len(text[past : past + reach_max]) - len(behind)
    left = len(before) - len(before.rstrip(_inside))
    right = len(behind) - len(behind.lstrip(_inside))
    return range(ends_at - left, ends_at), range(begins_at, begins_at + right)


def _place(folded: Folded, at: int) -> int:
    """Return the offset in the folded text of an offset in the original."""
    origins = folded.folded.origins
    return at if origins is None else int(origins.searchsorted(at))
