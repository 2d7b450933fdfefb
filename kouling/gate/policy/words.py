"""Words of closed sets in a condition: kinds, parties, surfaces, detectors; and issuers it names.

A condition's tree comes in, what it compares such a field with comes out. A word that no signal or
item ever has would make a rule that never applies, so it is a mistake. Issuers come with packs and
partners, so an unknown one is only doubted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

import re2

from kouling.gate.policy.expression import (
    Call,
    Expression,
    FieldOf,
    Listing,
    Literal,
    Loop,
    Variable,
    parts_of,
)
from kouling.gate.records import Party, Surface, signal_detectors, signal_kinds

closed: Mapping[str, Sequence[str]] = {
    "kind": signal_kinds,
    "party": (*Party, ""),
    "surface": tuple(Surface),
    "detector": signal_detectors,
}
"""What such a field of a signal or an item may hold; nothing else ever stands there."""

meant = {
    "party": {
        "foreign": "third-party third_party thirdparty third other others external rival outside",
        "own": "ours our self us mine first-party first_party internal kouling",
    },
    "kind": {
        "share_code": "code token passphrase password kouling coupon",
        "share_link": "qr qrcode qr_code",
        "link": "url href domain",
        "not_inspected": "uninspected unread",
    },
    "surface": {
        "moments": "timeline friends friend_circle wall story",
        "interest": "feed short_video video recommend",
        "direct": "chat dm private message friend",
        "market": "shop store ads search",
        "comment": "reply",
    },
}
"""For a field, the words that people write for one of its own."""

_tests: dict[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": lambda text, word: word in text,
    "matches": lambda text, word: re2.search(word, text) is not None,
}


class Word(NamedTuple):
    """A word that a condition compares a field with, by what it asks, and where it stands."""

    field: str
    asked: str
    word: str
    place: int

    @property
    def is_whole(self) -> bool:
        """Whether the field is compared with the word, and not searched for it."""
        return self.asked not in _tests


def words_in(condition: Expression) -> Iterator[Word]:
    """Yield the words that a condition compares with fields of closed sets, or with the issuer."""
    yield from _words(condition, {})


def is_ever_true(word: Word) -> bool:
    """Say whether any value of the field's closed set passes."""
    if word.asked in _tests:
        return any(_tests[word.asked](value, word.word) for value in closed[word.field])
    return word.word in closed[word.field]


def hint_for(word: str, field: str) -> str:
    """Return the hint for a word that is not in a closed set: the nearest one, and all of them."""
    near, known = _nearest(word, field), ", ".join(filter(None, closed[field]))
    return f"did you mean {near!r}; known: {known}" if near else f"known: {known}"


def _nearest(word: str, field: str) -> str:
    known = [one for one in closed[field] if one]
    for right, others in meant.get(field, {}).items():
        if word.lower() in others.split():
            return right
    return next(iter(get_close_matches(word.lower(), known, n=1, cutoff=0.4)), "")


def owner_of(field: str) -> str:
    """Say what has a field of a closed set."""
    return "item" if field == "surface" else "signal"


def _words(tree: Expression, bound: Mapping[str, tuple[Literal, ...]]) -> Iterator[Word]:
    match tree:
        case Call("_==_" | "_!=_" as asked, (one, other)):
            yield from _compared(asked, one, other, bound)
            yield from _compared(asked, other, one, bound)
        case Call("@in", (field, Listing(elements))):
            for element in elements:
                yield from _compared("@in", field, element, bound)
        case Call(asked, (field, word)) if asked in _tests:
            yield from _compared(asked, field, word, bound)
        case Loop(over=Listing(elements), element=name):
            bound = {**bound, name: tuple(one for one in elements if isinstance(one, Literal))}
    for part in parts_of(tree):
        yield from _words(part, bound)


def _compared(
    asked: str, field: Expression, value: Expression, bound: Mapping[str, tuple[Literal, ...]]
) -> Iterator[Word]:
    if isinstance(field, FieldOf) and (field.name in closed or field.name == "issuer"):
        for literal in _literals(value, bound):
            if isinstance(literal.value, str):
                yield Word(field.name, asked, literal.value, literal.place)


def _literals(value: Expression, bound: Mapping[str, tuple[Literal, ...]]) -> Iterator[Literal]:
    match value:
        case Literal():
            yield value
        case Variable(name):
            yield from bound.get(name, ())
        case Call("_?_:_", (_, one, other)):
            yield from _literals(one, bound)
            yield from _literals(other, bound)
