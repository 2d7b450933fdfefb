"""A message and its labelled share codes become pieces that a disguise can change one by one.

The pieces of one label stand side by side, so whatever a disguise does to them, the label is
again a substring of the text that the pieces make.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from kouling.ids import RandomBytes

comment_break = "\x1e"
"""Stands between two comments of one author: ASCII's own record separator."""

wrapper_length_max = 4
"""Characters in front of a share code that count as its delimiter; more are its lead."""

core_length_min = 4
"""A shorter run of letters and digits is no share code; the whole label is taken instead."""

_T = TypeVar("_T")


class Role(enum.StrEnum):
    """What a piece is: wording, or a part of a share code (first four) or of a link."""

    wording = "wording"
    lead = "lead"
    opener = "opener"
    core = "core"
    closer = "closer"
    scheme = "scheme"
    host = "host"
    path = "path"


link_roles = frozenset({Role.scheme, Role.host, Role.path})
written_roles = frozenset({Role.core, Role.scheme, Role.host, Role.path})
"""The parts that are letters and digits to type: no delimiters, no lead."""

label_roles = frozenset(Role) - {Role.wording}


class Piece(NamedTuple):
    """A stretch of a message; `label` says which labelled code it belongs to, if any."""

    role: Role
    text: str
    label: int | None = None


Pieces = tuple[Piece, ...]

_link = re.compile(r"(https?://)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(.*)", re.DOTALL)
_run = re.compile(r"[A-Za-z0-9]+")
_symbol_before = re.compile(r"[^\w\s，。！？、：；,.!?:;\"“”'‘’-]\s*\Z")
_symbol_after = re.compile(r"\A\s*[^\w\s，。！？、：；,.!?:;\"“”'‘’-]")


def cut(text: str, codes: Iterable[str]) -> Pieces:
    """Cut a message into pieces; a label that is not in the text, or in another, is dropped."""
    text = text.replace(comment_break, " ")
    pieces: list[Piece] = []
    at = 0
    for number, (start, end) in enumerate(_places(text, codes)):
        pieces.append(Piece(Role.wording, text[at:start]))
        pieces += _label(text[start:end], number)
        at = end
    pieces.append(Piece(Role.wording, text[at:]))
    return tuple(_with_outer_delimiters([piece for piece in pieces if piece.text]))


def text_of(pieces: Pieces) -> str:
    """Return the message that the pieces make."""
    return "".join(piece.text for piece in pieces)


def labels_of(pieces: Pieces) -> tuple[str, ...]:
    """Return the labelled codes as they now stand in the message, in their order."""
    groups = groupby(pieces, key=lambda piece: piece.label)
    return tuple(text_of(tuple(group)) for label, group in groups if label is not None)


def each(pieces: Pieces, roles: frozenset[Role], change: Callable[[str], str]) -> Pieces:
    """Change the text of the pieces that have one of these roles."""
    return tuple(
        piece._replace(text=change(piece.text)) if piece.role in roles else piece
        for piece in pieces
    )


def between(
    pieces: Pieces, roles: frozenset[Role], filler: Callable[[], str], every: int = 1
) -> Pieces:
    """Put a filler after every so many characters of a label's pieces with these roles."""
    filled: list[Piece] = []
    label, count = None, 0
    for piece in pieces:
        if piece.label is None or piece.role not in roles:
            filled.append(piece)
            label = None
            continue
        if piece.label != label:
            label, count = piece.label, 0
        written = []
        for character in piece.text:
            written.append(filler() if count and count % every == 0 else "")
            written.append(character)
            count += 1
        filled.append(piece._replace(text="".join(written)))
    return tuple(filled)


def around(pieces: Pieces, before: str, after: str = "") -> Pieces:
    """Put wording before and after every label."""
    placed: list[Piece] = []
    for label, group in groupby(pieces, key=lambda piece: piece.label):
        held = label is not None
        placed += [Piece(Role.wording, before)] if held and before else []
        placed += group
        placed += [Piece(Role.wording, after)] if held and after else []
    return tuple(placed)


def pick(random: RandomBytes, options: Sequence[_T]) -> _T:
    """Choose one of the options."""
    return options[int.from_bytes(random(4)) % len(options)]


def _places(text: str, codes: Iterable[str]) -> list[tuple[int, int]]:
    """Where the labels stand: longer ones first, no two over each other."""
    taken: list[tuple[int, int]] = []
    for code in sorted(filter(None, codes), key=len, reverse=True):
        start = text.find(code)
        while start >= 0 and any(start < b and a < start + len(code) for a, b in taken):
            start = text.find(code, start + 1)
        if start >= 0:
            taken.append((start, start + len(code)))
    return sorted(taken)


def _label(label: str, number: int) -> Iterator[Piece]:
    if link := _link.fullmatch(label):
        scheme, host, path = link.groups(default="")
        yield from _parts(number, (Role.scheme, scheme), (Role.host, host), (Role.path, path))
        return
    start, end = max((run.span() for run in _run.finditer(label)), key=_length, default=(0, 0))
    if end - start < core_length_min:
        start, end = 0, len(label)
    front = Role.opener if start <= wrapper_length_max else Role.lead
    core = (Role.core, label[start:end])
    yield from _parts(number, (front, label[:start]), core, (Role.closer, label[end:]))


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]


def _parts(number: int, *parts: tuple[Role, str]) -> Iterator[Piece]:
    return (Piece(role, text, number) for role, text in parts if text)


def _with_outer_delimiters(pieces: list[Piece]) -> Iterator[Piece]:
    """Take symbols on both sides of a bare share code, such as emoji, for its delimiters."""
    for place, piece in enumerate(pieces):
        left, right = 0, len(piece.text)
        if _is_wrapped(pieces, place - 1) and (closer := _symbol_after.match(piece.text)):
            left = closer.end()
        if _is_wrapped(pieces, place + 1) and (opener := _symbol_before.search(piece.text)):
            right = max(left, opener.start())
        yield from (part for part in _split(piece, left, right) if part.text)


def _split(piece: Piece, left: int, right: int) -> tuple[Piece, Piece, Piece]:
    text = piece.text
    middle = piece._replace(text=text[left:right])
    return Piece(Role.closer, text[:left]), middle, Piece(Role.opener, text[right:])


def _is_wrapped(pieces: list[Piece], place: int) -> bool:
    """Say whether a bare share code stands here between two symbols that are not its own."""
    if not 0 < place < len(pieces) - 1 or pieces[place].role is not Role.core:
        return False
    before, after = pieces[place - 1], pieces[place + 1]
    return (
        before.role is after.role is Role.wording
        and _symbol_before.search(before.text) is not None
        and _symbol_after.match(after.text) is not None
    )
