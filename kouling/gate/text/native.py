"""Words of scripts whose letters look like Latin ones are words, not disguised letters.

A folded text comes in, the same with the letters of such words blank goes out. The fold reads а, о
and з as a, o and 3 wherever they stand, which undoes disguises and makes a mess of Russian or Greek
prose. A disguise is made of letters that look Latin; a word has others, too, and none of Latin.
"""

from __future__ import annotations

import re
from functools import cache

from kouling.fold import Folded, fold

blank = "я"
"""A letter that the fold leaves alone and nobody takes for a Latin one."""

# Greek, Cyrillic, Armenian; the scripts of India; Burmese to Ethiopic; polytonic Greek.
_scripts = ((0x370, 0x3FF), (0x400, 0x58F), (0xB00, 0xD7F), (0x1000, 0x139F), (0x1F00, 0x1FFF))
_latin = "0-9A-Za-z\u00c0-\u024f"


def without_native_words(folded: Folded) -> Folded:
    """Return a folded text in which such words are blank; the same if it has none."""
    text = folded.text
    if text.isascii():
        return folded
    plain, count = _word().subn(_blanked, text)
    return Folded(text, fold(plain).folded) if count else folded


@cache
def _word() -> re.Pattern[str]:
    """Return a regex for a word with a letter that looks like no Latin one."""
    letters = "".join(f"{chr(first)}-{chr(last)}" for first, last in _scripts)
    like_latin = "".join(
        re.escape(letter)
        for first, last in _scripts
        for letter in map(chr, range(first, last + 1))
        if fold(letter).folded.text.isascii()
    )
    return re.compile(
        f"[{letters}](?<![{_latin}{letters}].)(?<=(?=[{like_latin}]*+[{letters}]).)"
        f"[{letters}]++(?![{_latin}])"
    )


def _blanked(word: re.Match[str]) -> str:
    return blank * len(word.group())
