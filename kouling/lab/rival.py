"""Public regular expressions as the rival: what any of them finds in a text.

Python's `re` can't be stopped while it runs, so a text is cut to a length at which even a
quadratic expression ends in milliseconds.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from typing import NamedTuple

rival_text_max = 2_000
"""Characters of a text that the rival reads."""

_flags = {
    "a": re.ASCII,
    "i": re.IGNORECASE,
    "m": re.MULTILINE,
    "s": re.DOTALL,
    "x": re.VERBOSE,
    "u": re.UNICODE,
}


class Rival(NamedTuple):
    """A union of regular expressions; `notes` name those that Python can't compile."""

    patterns: tuple[re.Pattern[str], ...]
    notes: tuple[str, ...] = ()

    def finds(self, texts: Iterable[str]) -> bool:
        """Say whether any expression matches anywhere in any of the texts."""
        return any(
            pattern.search(text[:rival_text_max]) for text in texts for pattern in self.patterns
        )


def rival_from(rows: Iterable[tuple[str, str, str]]) -> Rival:
    """Compile rows of place, pattern and flags (letters of a, i, m, s, x, u) into a rival."""
    patterns, notes = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A pattern of another dialect may be odd in ours.
        for place, pattern, letters in rows:
            try:
                patterns.append(re.compile(pattern, _combined(letters)))
            except (re.error, ValueError, OverflowError, RecursionError) as error:
                notes.append(f"{place}: skipped, {error}")
    return Rival(tuple(patterns), tuple(notes))


def _combined(letters: str) -> re.RegexFlag:
    flags = re.NOFLAG
    for letter in letters.lower():
        if letter not in _flags:
            raise ValueError(f"flag {letter!r} is unknown; known: {', '.join(_flags)}")
        flags |= _flags[letter]
    return flags
