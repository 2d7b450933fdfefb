"""Letters that look alike in print: a reader can't tell 0 from O or 1 from l in most fonts."""

from __future__ import annotations

alike_letters = ("0Oo", "1lIi", "5Ss", "2Zz", "8B")
"""Groups of letters that one can't tell apart."""

_first_of = str.maketrans({letter: group[0] for group in alike_letters for letter in group})


def alike_key(code: str) -> str:
    """Return what codes that look alike have in common."""
    return code.translate(_first_of)
