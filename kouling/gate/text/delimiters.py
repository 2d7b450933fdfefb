"""What stands directly around a token: how telling it is, and how much of it belongs to the code.

Delimiters are an open set: any currency sign, symbol or emoji, a Han character on both sides,
brackets, a prefix such as `Z:/`; the two may differ.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category

from kouling.gate.evidence import Evidence, EvidenceKind

_prefix = re.compile(r"(?:[A-Za-z]{1,5}:/|[A-Z][A-Za-z]{0,4}://)$")
"""Letters, a colon and a slash, right before a token; small letters and two slashes: a scheme."""

_weak_pairs = {
    "/": 0.5,
    "#": 0.6,
    "!": 0.9,
    "@": 0.3,
    "%": 1.2,
    "*": 0.6,
    "~": 1.3,
    "^": 1.2,
    "=": 0.3,
}
_brackets = {"(": ")", "[": "]", "<": ">", "{": "}", "《": "》", "「": "」", "【": "】", "『": "』"}
_never = frozenset(" \t\"'`,.:;?-_&。、·…\\|$") - {"$"}


def pair(before: str, after: str, factor: float) -> Evidence:
    """Weigh the two characters around a token; `factor` is less when a space lies between."""
    return Evidence(EvidenceKind.between, _weight(before, after) * factor, before, after)


def _weight(before: str, after: str) -> float:
    strong = is_strong(before) + is_strong(after)
    if strong == 2:
        money = category(before) == category(after) == "Sc"
        return 2.6 if money else 2.0 if before == after else 1.8
    if before and before == after:
        if before in _weak_pairs:
            return _weak_pairs[before]
        if before.isalpha() and not before.isascii():
            return 1.7
    if before in _brackets and _brackets[before] == after:
        return 0.7
    if strong and before and after and after not in _never and not after.isalnum():
        return 1.3
    return 0.5 if strong else 0.0


@lru_cache(maxsize=4096)
def is_strong(character: str) -> bool:
    """Say whether a character is a currency sign, an emoji or another symbol."""
    return bool(character) and category(character) in {"Sc", "So", "Cn", "Co"}


def prefix_before(text: str, start: int) -> str:
    """Return the letters, colon and slashes right before a token, or nothing."""
    led = _prefix.search(text[max(0, start - 8) : start])
    return led.group() if led else ""


def with_delimiters(folded: str, start: int, end: int) -> tuple[int, int]:
    """Widen a folded span to the delimiters that belong to the code."""
    if start and folded[start - 1] == folded[end : end + 1] and folded[start - 1].isalpha():
        return start - 1, end + 1
    led = prefix_before(folded, start)
    if led:
        start -= len(led)
    else:
        start -= _widening(folded[max(0, start - 2) : start][::-1], "》」】』)]>}")
    return start, end + _right(folded[end : end + 3])


def _right(after: str) -> int:
    if after.endswith(":/") and len(after) == 3 and after[0] not in _never:
        return 3
    return _widening(after[:2], "《「【『([<{")


def _widening(outward: str, closed: str) -> int:
    """Return how many of the next characters, going outward, are delimiters."""
    stops = (at for at, sign in enumerate(outward) if sign in _never or sign in closed)
    letters = (at for at, sign in enumerate(outward) if sign.isalnum())
    return min(next(stops, len(outward)), next(letters, len(outward)))
