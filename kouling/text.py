"""Which text can be kept: whole Unicode characters, none of them NUL."""

from __future__ import annotations

import re

from kouling.errors import InvalidInput

_bad = re.compile("[\0\ud800-\udfff]")


def check_characters(text: str, name: str, where: str = "") -> None:
    """Raise `InvalidInput` for a text with a NUL or half a character (a lone surrogate)."""
    found = None if text.isprintable() else _bad.search(text)  # neither of them is printable
    if found is not None:
        raise InvalidInput(
            f"character {found.start() + 1} of {name} is {found.group()!r}, which is no character"
            " and can't be shown",
            hint="send valid Unicode without NUL and lone surrogates",
            where=where,
        )
