"""What a glance at a text says about a condition: that it can't hold, or nothing.

A condition's tree comes in, tests of a text come out. Where a condition is a chain of `&&` and
one of its links asks whether the text has a word in it, is longer than so much, or matches a
regex, the condition is false of all texts for which that link is: whatever the others say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import re2

from kouling.gate.policy.expression import Call, Expression, FieldOf, Literal, Variable

Glance = Callable[[str], object]

_text = FieldOf(Variable("item"), "text")
_length = Call("size", (_text,))


def glances_of(condition: Expression) -> tuple[Glance, ...]:
    """Return tests of a text, all of which pass wherever the condition holds."""
    tests = map(_glance, _links(condition))
    return tuple(test for test in tests if test is not None)


def _links(condition: Expression) -> Iterator[Expression]:
    """Yield what a condition joins by `&&`."""
    match condition:
        case Call("_&&_", parts):
            for part in parts:
                yield from _links(part)
        case _:
            yield condition


def _glance(link: Expression) -> Glance | None:
    match link:
        case Call(name, (asked, Literal(str(word)))) if asked == _text:
            return _glance_of_call(name, word)
        case Call("_>_" | "_>=_" as sign, (asked, Literal(int(bound)))) if asked == _length:
            least = bound + (sign == "_>_")
            return lambda text: len(text) >= least
    return None


def _glance_of_call(name: str, word: str) -> Glance | None:
    match name:
        case "matches":
            regex = re2.compile(word)
            return lambda text: regex.search(text) is not None
        case "contains":
            return lambda text: word in text
        case "startsWith":
            return lambda text: text.startswith(word)
        case "endsWith":
            return lambda text: text.endswith(word)
    return None
