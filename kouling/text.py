"""Text from outside: which can be kept, and the bytes that it gives in base64."""

from __future__ import annotations

import base64
import binascii
import re

from kouling.errors import InvalidInput

_bad = re.compile("[\0\ud800-\udfff]")


def bytes_of(text: str, name: str, hint: str) -> bytes:
    """Return the bytes that a text gives in base64; raise `InvalidInput` if it gives none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(f"{name} is no base64", hint=hint) from None


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
