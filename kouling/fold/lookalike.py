"""Letters that can't be told apart in print: one key for all texts that look alike."""

from __future__ import annotations

groups = ("0Oo", "1lIi", "5Ss", "2Zz", "8B")
"""Letters that one can't tell apart in most fonts."""

_group_of = {letter: group for group in groups for letter in group}
_key = str.maketrans({letter: group[0] for group in groups for letter in group})


def key_of(text: str) -> str:
    """Return what texts that look alike have in common."""
    return text.translate(_key)


def lookalikes(letter: str) -> str:
    """Return the letters that look like one, itself among them."""
    return _group_of.get(letter, letter)
