"""Which stretches of a long text are read closely.

A folded text comes in, the stretches around its triggers come out, first to last. Reading
closely costs a hundred times what scanning does, so a long text is only read where a trigger
fires, and no further than a limit; what is left unread has to be said.
"""

from __future__ import annotations

import string
from collections.abc import Iterator

from kouling.gate.text.scan import Scanner

whole_length_max = 1_000
"""Folded characters of a text that is read closely as a whole."""

stretch_length_max = 600
"""Folded characters read closely at a time; after each it may be clear that enough was found."""

effort_max = 20_000
"""What is spent on reading one long text closely, in characters read and what amounts to them."""

margin = 160
"""Folded characters before and after a trigger that belong to what is read, with its wording."""

_piece = 128
_lap = 64
_pieces_at_once = 16
_gap_within = 32
_inside = string.ascii_letters + string.digits


def stretches_of(folded: str, scanner: Scanner) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a long text that are worth reading; neighbours overlap a little.

    The text is scanned only as far as stretches are asked for.
    """
    start = past = 0
    for at in _fired(folded, scanner):
        if at - margin > past:
            if past:
                yield _at_gaps(folded, start, past)
            start = at - margin
        past = min(len(folded), at + _piece + _lap + margin)
        while past - start > stretch_length_max:
            yield _at_gaps(folded, start, start + stretch_length_max)
            start += stretch_length_max - _lap
    yield _at_gaps(folded, start, past)


def _fired(folded: str, scanner: Scanner) -> Iterator[int]:
    """Yield where the pieces of a text begin in which a trigger fires."""
    starts = range(0, max(1, len(folded) - _lap), _piece)
    found = dense = False
    for first in range(0, len(starts), _pieces_at_once):
        some = starts[first : first + _pieces_at_once]
        pieces = [folded[start : start + _piece + _lap].encode() for start in some]
        # Where most pieces fire, asking each for its first match costs less than hearing of all.
        fires = map(scanner.fires, pieces)
        fired = (
            [n for n, fired_here in enumerate(fires) if fired_here]
            if dense
            else scanner.lines(b"\n".join(pieces))
        )
        dense = 2 * len(fired) > len(pieces)
        for number in fired:
            found = True
            yield some[number]
    if not found:
        # What fired in the whole text is longer than the lap: no piece can be passed over.
        yield from starts


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
