"""A text becomes the words that it can be found by, the same for both databases.

Words of letters are words; writing without spaces (Chinese, Japanese, Korean) becomes single
characters and pairs of neighbours. Disguise is folded away. Each word is written in plain letters,
so that no database's own idea of a word comes between.
"""

from __future__ import annotations

import re

from kouling.fold import fold

word_length_max = 40
"""Characters of a word that count."""

_runs = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+)|([^\W_]+)")
_mark = "zq"
_plain = re.compile(r"[a-z]+")


def words_of(text: str) -> list[str]:
    """Return the words that a text can be found by."""
    found: list[str] = []
    for run, word in _runs.findall(_folded(text)):
        found += [word] if word else [*run, *_pairs(run)]
    return [_written(word) for word in dict.fromkeys(found)]


def words_wanted(query: str) -> list[str]:
    """Return the words that a text must have to be found by a query."""
    found: list[str] = []
    for run, word in _runs.findall(_folded(query)):
        found += [word] if word else (_pairs(run) or [run])
    return [_written(word) for word in dict.fromkeys(found)]


def _folded(text: str) -> str:
    return fold(text).folded.text.lower()


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _written(word: str) -> str:
    """Write a word in the letters a to z alone."""
    word = word[:word_length_max]
    if _plain.fullmatch(word) and not word.startswith(_mark):
        return word
    return _mark + "".join(chr(97 + (byte >> 4)) + chr(97 + (byte & 15)) for byte in word.encode())
