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

reach_before, reach_behind = 8, 4
"""Characters beside a token that are looked at: a sign, behind a space or a few underscores, as
Markdown and chat apps write italics."""

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
    """Weigh what stands directly before and after a token of a text."""
    return signs_between(text[max(0, start - reach_before) : start], text[end : end + reach_behind])


def signs_between(left: str, right: str) -> Evidence:
    """Weigh what stands left and right of a token, italics and one space aside."""
    led = prefix_before(left, len(left))
    if led:
        return Evidence(EvidenceKind.after_prefix, 1.4, led)
    factor = 1.0
    if left[-1:] == "_" or right[:1] == "_":
        left, right, factor = left.rstrip("_"), right.lstrip("_"), 0.8
    if left[-1:] == " " and right[:1] == " ":
        left, right, factor = left[:-1], right[1:], 0.8
    return pair(left[-1:], right[:1], factor)


def holds_heavy_token(text: str, known_lengths: frozenset[int], more: float = 0.0) -> bool:
    """Whether a text has a token of mixed characters that is heavy enough, with so much more."""
    return any(
        is_heavy(found.group(), signs_around(text, *found.span()).weight + more, known_lengths)
        for found in _token.finditer(text)
        if not is_plain(found.group())
    )


def is_plain(token: str) -> bool:
    """Whether a token is written as a word or a number is: in one case, capitalised, in digits."""
    return token.isdigit() or (token.isalpha() and (token[1:].islower() or token.isupper()))


def is_heavy(token: str, more: float, known_lengths: frozenset[int]) -> bool:
    """Whether a token may be a share code by its looks and what the signs around it weigh."""
    return shape_of(token, known_lengths).weight + more >= own_weight_min


def holds_number(text: str) -> bool:
    """Whether a text has a number that wording may ask to search for."""
    return bool(_number.search(text))
