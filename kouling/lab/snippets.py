"""A message and its labelled share codes become snippets that a disguise can change one by one.

The snippets of one label stand side by side, so whatever a disguise does to them, the label is
again a substring of the text that the snippets make.
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
    """What a snippet is: wording, or a part of a share code (first four) or of a link."""

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


class Snippet(NamedTuple):
    """A stretch of a message; `label` says which labelled code it belongs to, if any."""

    role: Role
    text: str
    label: int | None = None


Snippets = tuple[Snippet, ...]

_link = re.compile(r"(https?://)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(.*)", re.DOTALL)
_run = re.compile(r"[A-Za-z0-9]+")
_symbol_before = re.compile(r"[^\w\s，。！？、：；,.!?:;\"“”'‘’-]\s*\Z")
_symbol_after = re.compile(r"\A\s*[^\w\s，。！？、：；,.!?:;\"“”'‘’-]")


def cut(text: str, codes: Iterable[str]) -> Snippets:
    """Cut a message into snippets; a label that is not in the text, or in another, is dropped."""
    text = text.replace(comment_break, " ")
    snippets: list[Snippet] = []
    at = 0
    for number, (start, end) in enumerate(_places(text, codes)):
        snippets.append(Snippet(Role.wording, text[at:start]))
        snippets += _label(text[start:end], number)
        at = end
    snippets.append(Snippet(Role.wording, text[at:]))
    return tuple(_with_outer_delimiters([snippet for snippet in snippets if snippet.text]))


def text_of(snippets: Snippets) -> str:
    """Return the message that the snippets make."""
    return "".join(snippet.text for snippet in snippets)


def labels_of(snippets: Snippets) -> tuple[str, ...]:
    """Return the labelled codes as they now stand in the message, in their order."""
    groups = groupby(snippets, key=lambda snippet: snippet.label)
    return tuple(text_of(tuple(group)) for label, group in groups if label is not None)


def each(snippets: Snippets, roles: frozenset[Role], change: Callable[[str], str]) -> Snippets:
    """Change the text of the snippets that have one of these roles."""
    return tuple(
        snippet._replace(text=change(snippet.text)) if snippet.role in roles else snippet
        for snippet in snippets
    )


def between(
    snippets: Snippets, roles: frozenset[Role], filler: Callable[[], str], every: int = 1
) -> Snippets:
    """Put a filler after every so many characters of a label's snippets with these roles."""
    filled: list[Snippet] = []
    label, count = None, 0
    for snippet in snippets:
        if snippet.label is None or snippet.role not in roles:
            filled.append(snippet)
            label = None
            continue
        if snippet.label != label:
            label, count = snippet.label, 0
        written = []
        for character in snippet.text:
            written.append(filler() if count and count % every == 0 else "")
            written.append(character)
            count += 1
        filled.append(snippet._replace(text="".join(written)))
    return tuple(filled)


def around(snippets: Snippets, before: str, after: str = "") -> Snippets:
    """Put wording before and after every label."""
    placed: list[Snippet] = []
    for label, group in groupby(snippets, key=lambda snippet: snippet.label):
        held = label is not None
        placed += [Snippet(Role.wording, before)] if held and before else []
        placed += group
        placed += [Snippet(Role.wording, after)] if held and after else []
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


def _label(label: str, number: int) -> Iterator[Snippet]:
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


def _parts(number: int, *parts: tuple[Role, str]) -> Iterator[Snippet]:
    return (Snippet(role, text, number) for role, text in parts if text)


def _with_outer_delimiters(snippets: list[Snippet]) -> Iterator[Snippet]:
    """Take symbols on both sides of a bare share code, such as emoji, for its delimiters."""
    for place, snippet in enumerate(snippets):
        left, right = 0, len(snippet.text)
        if _is_wrapped(snippets, place - 1) and (closer := _symbol_after.match(snippet.text)):
            left = closer.end()
        if _is_wrapped(snippets, place + 1) and (opener := _symbol_before.search(snippet.text)):
            right = max(left, opener.start())
        yield from (part for part in _split(snippet, left, right) if part.text)


def _split(snippet: Snippet, left: int, right: int) -> tuple[Snippet, Snippet, Snippet]:
    text = snippet.text
    middle = snippet._replace(text=text[left:right])
    return Snippet(Role.closer, text[:left]), middle, Snippet(Role.opener, text[right:])


def _is_wrapped(snippets: list[Snippet], place: int) -> bool:
    """Say whether a bare share code stands here between two symbols that are not its own."""
    if not 0 < place < len(snippets) - 1 or snippets[place].role is not Role.core:
        return False
    before, after = snippets[place - 1], snippets[place + 1]
    return (
        before.role is after.role is Role.wording
        and _symbol_before.search(before.text) is not None
        and _symbol_after.match(after.text) is not None
    )
