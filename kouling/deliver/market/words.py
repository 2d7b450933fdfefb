"""A text becomes the words that it can be found by, the same for both databases.

Letters and digits stand apart, and so do scripts: `iPhone15手机壳` has the words iphone, 15, and
those of 手机壳. Writing without spaces (Chinese, Japanese, Korean, Thai …) becomes single
characters and pairs of neighbours. Disguise is folded away. Each word is written in plain letters,
so that no database's own idea of a word comes between.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from kouling.fold import fold

word_length_max = 40
"""Characters of a word that count."""

# Scripts that set no spaces between words, and scripts whose vowels are marks beside the letters.
_unspaced = (
    "\u0e00-\u0e4f\u0e80-\u0ecf\u1000-\u103f\u1780-\u17d3"
    "\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_indic = "\u0900-\u0963\u0971-\u09e3\u09f0-\u0a65\u0a70-\u0dff"
_runs = re.compile(
    rf"(?P<unspaced>[{_unspaced}]+)|\d+|[{_indic}]+"
    rf"|(?:[^\W\d_{_indic}{_unspaced}]|(?<=\w)[\u0300-\u036f])+"
)
_scripts = re.compile(
    r"[A-Za-z\u00aa-\u024f\u0300-\u036f]+|[\u0370-\u03ff\u1f00-\u1fff]+|[\u0400-\u052f]+"
)
_mixed = re.compile(r"[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_mark = "zq"
_plain = re.compile(r"[a-z]+")


def words_of(text: str) -> list[str]:
    """Return the words that a text can be found by."""
    found: list[str] = []
    for run in _runs.finditer(plain(text)):
        found += [*run[0], *_pairs(run[0])] if run["unspaced"] else [run[0]]
    found += _by_script(text)
    return [_written(word) for word in dict.fromkeys(found)]


def words_wanted(query: str) -> list[str]:
    """Return the words that a text must have to be found by a query; none if it has none."""
    found: list[str] = []
    for run in _runs.finditer(plain(query)):
        found += (_pairs(run[0]) if run["unspaced"] else []) or [run[0]]
    return [_written(word) for word in dict.fromkeys(found)]


def plain(text: str) -> str:
    """Return a text as it is compared: without disguise, width and case."""
    return fold(text).folded.text.lower()


def _by_script(text: str) -> list[str]:
    """Return words that touch a word of another alphabet, which folding makes look like one."""
    text = normalize("NFKC", text)
    if not _mixed.search(text):
        return []
    return [plain(word) for word in _scripts.findall(text)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _written(word: str) -> str:
    """Write a word in the letters a to z alone."""
    word = word[:word_length_max]
    if _plain.fullmatch(word) and not word.startswith(_mark):
        return word
    return _mark + "".join(chr(97 + (byte >> 4)) + chr(97 + (byte & 15)) for byte in word.encode())
