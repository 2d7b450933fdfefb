"""Which stretches of a long text are read closely.

A folded text comes in, the stretches around its triggers come out, first to last. Reading
closely costs a hundred times what scanning does, so a long text is only read where a trigger
fires, and no further than a limit; what is left unread has to be said.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator

from kouling.gate.text.scan import Scanner

whole_length_max = 1_000
"""Folded characters of a text that is read closely as a whole."""

stretch_length_max = 800
"""Folded characters read closely at a time; after each it may be clear that enough was found."""

effort_max = 400_000
"""What is spent on reading one long text closely, in characters read and what amounts to them."""

bytes_per_match_min = 64
"""Where matches are as dense as that, every piece of a text is looked at."""

margin = 160
"""Folded characters before and after a trigger that belong to what is read, with its wording."""

_piece = 256
_lap = 64
_gap_within = 32
_inside = string.ascii_letters + string.digits


def stretches_of(
    folded: str, scanner: Scanner, is_worth: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a long text that are worth reading; neighbours overlap a little.

    Where a trigger fires, `is_worth` has the last word; it is asked only as far as stretches are.
    """
    start = past = 0
    for first, end in _pieces_of(folded, scanner, is_worth):
        if first - margin > past:
            if past:
                yield _at_gaps(folded, start, past)
            start = first - margin
        past = min(len(folded), end + margin)
        while past - start > stretch_length_max:
            yield _at_gaps(folded, start, start + stretch_length_max)
            start += stretch_length_max - _lap
    if past:
        yield _at_gaps(folded, start, past)


def _pieces_of(
    folded: str, scanner: Scanner, is_worth: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a text in which a trigger fires that is worth it, with a lap around."""
    places = _places(folded, scanner)
    numbers = (
        range(-(-len(folded) // _piece))
        if places is None
        else dict.fromkeys((place - 1) // _piece for place in places)
    )
    for number in numbers:
        first, end = max(0, number * _piece - _lap), (number + 1) * _piece + _lap
        if is_worth(folded[first:end]):
            yield first, end


def _places(folded: str, scanner: Scanner) -> list[int] | None:
    """Return where in a text matches of triggers end, in order; None if they are everywhere."""
    data = folded.encode()
    ends = scanner.ends(data, most=len(data) // bytes_per_match_min)
    if ends is None or len(data) == len(folded):
        return ends
    places, place, read = [], 0, 0
    for end in ends:
        place += len(data[read:end].decode())
        places.append(place)
        read = end
    return places


def _at_gaps(text: str, start: int, past: int) -> tuple[int, int]:
    """Widen a stretch a little so that it cuts no run of letters and digits."""
    if text[start : start + 1] in _inside:
        before = text[max(0, start - _gap_within) : start]
        run = len(before) - len(before.rstrip(_inside))
        start -= run if run < len(before) else 0
    if text[past - 1 : past] in _inside:
        behind = text[past : past + _gap_within]
        run = len(behind) - len(behind.lstrip(_inside))
        past += run if run < len(behind) else 0
    return start, past
