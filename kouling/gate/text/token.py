"""Runs of letters and digits that may be share codes, and what they and their signs weigh.

A text comes in, tokens go out, each weighed by its looks and by what stands directly around it.
Wording is weighed by the detector; no wording makes a code of a token that weighs too little here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.text.delimiters import pair, prefix_before
from kouling.gate.text.shape import shape_of, token_length_max, token_length_min

own_weight_min = 1.05
"""What looks and signs have to bring; wording alone would flag any model number near it."""

italics_max = 3
"""Underscores beside a token that are looked through: Markdown and chat apps write italics so."""

# What a token begins with comes first: such places are found very fast.
_token = re.compile(
    r"[A-Za-z0-9](?<![A-Za-z0-9].)"
    f"[A-Za-z0-9]{{{token_length_min - 1},{token_length_max - 1}}}(?![A-Za-z0-9])"
)
_number = re.compile(rf"[0-9](?<![A-Za-z0-9].)[0-9]{{{token_length_min - 1},}}+(?![A-Za-z0-9])")


def tokens_of(text: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a text, first to last."""
    return _token.finditer(text)


def signs_around(text: str, start: int, end: int) -> Evidence:
    """Weigh what stands directly before and after a token, italics and one space aside."""
    led = prefix_before(text, start)
    if led:
        return Evidence(EvidenceKind.after_prefix, 1.4, led)
    first, past = _without_italics(text, start, end)
    before, after = text[first - 1 : first], text[past : past + 1]
    if before == " " and after == " ":
        before, after = text[max(0, first - 2) : first - 1], text[past + 1 : past + 2]
        return pair(before, after, 0.8)
    return pair(before, after, 1.0 if (first, past) == (start, end) else 0.8)


def holds_heavy_token(text: str, known_lengths: frozenset[int]) -> bool:
    """Whether a text has a token of mixed characters heavy enough for a share code."""
    return any(
        is_heavy(found.group(), signs_around(text, *found.span()), known_lengths)
        for found in _token.finditer(text)
        if not is_plain(found.group())
    )


def is_plain(token: str) -> bool:
    """Whether a token is written as a word or a number is: in one case, capitalised, in digits."""
    return token.isdigit() or (token.isalpha() and (token[1:].islower() or token.isupper()))


def is_heavy(token: str, signs: Evidence, known_lengths: frozenset[int]) -> bool:
    """Whether a token may be a share code by its looks and the signs around it."""
    return shape_of(token, known_lengths).weight + max(0.0, signs.weight) >= own_weight_min


def holds_number(text: str) -> bool:
    """Whether a text has a number that wording may ask to search for."""
    return bool(_number.search(text))


def _without_italics(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a token with the underscores that it is set in."""
    head, tail = text[max(0, start - italics_max) : start], text[end : end + italics_max]
    return (
        start - (len(head) - len(head.rstrip("_"))),
        end + len(tail) - len(tail.lstrip("_")),
    )
