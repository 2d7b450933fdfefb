"""How share codes look in what was read: whole ones, halves, and what may hold one."""

from __future__ import annotations

import re

_signs = "￥¥€$£₤"

whole = re.compile(rf"[{_signs}] ?[A-Za-z0-9 ]{{8,}}[{_signs}]")
"""A code between two signs."""

begun = re.compile(rf"[{_signs}] ?(?=[0-9 ]*[A-Za-z])[A-Za-z0-9 ]{{1,13}}$")
"""A sign and letters up to the end of a line: the code may go on."""

ended = re.compile(rf"^(?=[0-9 ]*[A-Za-z|])[A-Za-z0-9| ]{{2,13}}[{_signs}]$")
"""Letters and a sign that are all of a line: the code may have begun before."""

specked = re.compile(rf"[{_signs}](?=[0-9 .,']*[A-Za-z])[A-Za-z0-9 .,']{{9,}}")
"""A sign and what may be a code with dirt between its letters."""

_room = re.compile(
    rf"(?<=[{_signs}])[A-Za-z0-9 \[\]|!$]*[A-Za-z0-9](?=[{_signs}]|$)"
    rf"|^[A-Za-z0-9][A-Za-z0-9 \[\]|!$]*(?=[{_signs}]$)"
)
_bars = str.maketrans("[]|!", "llll")
_letter_like = _bars | str.maketrans("$", "S")

_dense = re.compile(r"(?=\d*[A-Za-z|])[A-Za-z0-9|]{6,}")
_letter_free = re.compile(r"[^A-Za-z|]*")
_opening = re.compile(rf"[{_signs}(（《「【〖]")
_letter = re.compile(r"[A-Za-z0-9]")
_gaps = re.compile(r"[\s.·・_\-]")


def may_hold_code(text: str) -> bool:
    """Whether a line looks as if a share code could stand in it; numbers alone hold none."""
    dense = _gaps.sub("", text)
    if _dense.search(dense) or is_half(text):
        return True
    return (
        bool(_opening.search(dense))
        and len(letters_of(dense)) >= 5
        and not _letter_free.fullmatch(dense)
    )


def is_half(text: str) -> bool:
    """Whether a line may hold one end of a code and miss the other."""
    return bool(begun.search(text) or ended.search(text))


def with_letters(text: str) -> str:
    """Return the text with what looks like a letter made one, where a code has its letters."""
    return _room.sub(_written, text)


def _written(code: re.Match[str]) -> str:
    """Write a code in letters; between two $ another one ends it, and is no S."""
    around = code.string[: code.start()][-1:] + code.string[code.end() :][:1]
    return code[0].translate(_bars if "$" in around else _letter_like)


def has_sign(text: str) -> bool:
    """Whether one of the signs that codes stand between is in a text."""
    return any(sign in text for sign in _signs)


def letters_of(text: str) -> str:
    """Return the letters and digits that codes are made of."""
    return "".join(_letter.findall(text))
