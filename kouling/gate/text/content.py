"""What a picture says, and whether two that look alike say the same.

Red packets and cards of one template look alike to every hash, and what differs is the code on
them. So looks alone never prove that a picture is a banned one.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence

from kouling.gate.text.lookalike import tokens_in, wrapped_in
from kouling.picture import Look, alike_key

errors_max = 2
"""Letters that may differ in two readings of one code."""

words_min = 6
"""Pairs of Han characters from which on a text is compared."""

alike_min = 0.5
"""Part of the known picture's pairs of characters that a copy has at least."""

_han = re.compile(r"[\u4e00-\u9fff]{2,}")


class Agreement(enum.Enum):
    """Whether two pictures say the same."""

    same = "same"
    other = "other"
    unclear = "unclear"


def agreement(seen: Look, known: Look) -> Agreement:
    """Compare what a picture says with what a known one says: barcodes, then codes, then words."""
    theirs = _payloads(known)
    if theirs:
        ours = _payloads(seen)
        if ours & theirs:
            return Agreement.same
        return Agreement.other if ours else Agreement.unclear
    if any(_keys_by_line(known)):
        return _codes_agree(seen, known)
    return _words_agree(seen, known)


def needs_lines(known: Look) -> bool:
    """Whether a picture has to be read to be compared with a known one."""
    return not _payloads(known) and bool(known.lines)


def _codes_agree(seen: Look, known: Look) -> Agreement:
    """Compare codes: those between signs if there are any, else most lines that may hold one."""
    if seen.lines is None:
        return Agreement.unclear
    ours = {key for keys in _keys_by_line(seen) for key in keys}
    between = {alike_key(code[1:-1]) for text in _texts(known) for code in wrapped_in(text)}
    asked = [between] if between else [keys for keys in _keys_by_line(known) if keys]
    found = [any(_close(one, other) for one in ours for other in keys) for keys in asked]
    return Agreement.same if 2 * sum(found) > len(found) else Agreement.other


def _words_agree(seen: Look, known: Look) -> Agreement:
    theirs = _pairs(known)
    if len(theirs) < words_min:
        return Agreement.same  # a picture without words: whatever was added, it is that picture
    if seen.lines is None:
        return Agreement.unclear
    part = len(_pairs(seen) & theirs) / len(theirs)
    return Agreement.same if part >= alike_min else Agreement.other


def _payloads(look: Look) -> set[str]:
    return {one.text for one in look.barcodes or () if one.text}


def _keys_by_line(look: Look) -> list[set[str]]:
    """Return what each line may hold as codes, as either reader has it."""
    return [
        {alike_key(token) for text in (line.text, line.second) for token in tokens_in(text)}
        for line in look.lines or ()
    ]


def _pairs(look: Look) -> set[str]:
    runs: Iterable[str] = (run for line in look.lines or () for run in _han.findall(line.text))
    return {run[place : place + 2] for run in runs for place in range(len(run) - 1)}


def _texts(look: Look) -> Sequence[str]:
    return [text for line in look.lines or () for text in (line.text, line.second) if text]


def _close(one: str, other: str) -> bool:
    """Whether two readings differ in few letters (Levenshtein's distance)."""
    if abs(len(one) - len(other)) > errors_max:
        return False
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        above, row[0] = row[0], place
        for number, against in enumerate(other, 1):
            cost = min(row[number] + 1, row[number - 1] + 1, above + (letter != against))
            above, row[number] = row[number], cost
    return row[-1] <= errors_max
