"""What something may come to while some facts are not known: any of some values, or an error.

What functions and operators of CEL make of such things is worked out here; `foresee` follows
expressions. A function that is not known here may make anything of anything.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

import re2

pairs_max = 4_096
"""Pairs of values that are tried out for one operator; beyond, it may come to anything."""


class Possible(NamedTuple):
    """The values that something may have, None for any; whether it may be an error value.

    `is_open` tells whether which of these it is may depend on the open signals.
    """

    values: frozenset[Any] | None = None
    fails: bool = True
    is_open: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether there is one value that it has whatever else holds."""
        return self.values is not None and len(self.values) == 1 and not self.fails

    def may_be(self, value: object) -> bool:
        """Whether it may have a value."""
        return self.values is None or value in self.values


class Shown(NamedTuple):
    """A message such as `signal`, of whose fields this is known; more fields it has not."""

    fields: Mapping[str, Possible]


class Signals(NamedTuple):
    """The list of signals: of the open ones this is known, of all others nothing."""

    open: tuple[Shown, ...]
    other: Shown


class Elements(NamedTuple):
    """A list that is written out."""

    elements: tuple[Abstract, ...]


class Unchanged(NamedTuple):
    """What a loop has come to so far, whatever that is."""


Abstract = Possible | Shown | Signals | Elements | Unchanged
"""What may stand under a name."""

anything = Possible()
either = frozenset((True, False))


def just(*values: bool | float | str) -> Possible:
    """Return what is known of a fact that has one of these values."""
    return Possible(frozenset(values), fails=False)


def any_of(kind: type) -> Possible:
    """Return what is known of a fact of which nothing but its type is known."""
    return Possible(either if kind is bool else None, fails=False)


def plain(value: Abstract) -> Possible:
    """Return what is known of something as a value of its own."""
    match value:
        case Possible():
            return value
        case Signals():
            return Possible(None, fails=False, is_open=True)
        case Shown(fields):
            return Possible(None, False, any(one.is_open for one in fields.values()))
        case Elements(elements):
            return unknown(map(plain, elements), fails=False)
        case Unchanged():
            return anything


def unknown(arguments: Iterable[Possible], *, fails: bool = True) -> Possible:
    """Return that something may come to anything that its arguments decide."""
    known = tuple(arguments)
    is_open = any(one.is_open for one in known)
    return Possible(None, fails or any(one.fails for one in known), is_open)


def one_of(values: set[Any] | frozenset[Any] | None, *, fails: bool, is_open: bool) -> Possible:
    """Return a possible value, which is not open if there is but one that it can have."""
    found = Possible(None if values is None else frozenset(values), fails, is_open)
    none_but_error = found.values == frozenset()
    return found._replace(is_open=False) if found.is_sure or none_but_error else found


def called(function: str, arguments: list[Abstract]) -> Abstract:
    """Return what a function or operator of CEL makes of such arguments."""
    match function, arguments:
        case "_&&_", [first, second]:
            return _joined(first, second, neutral=True)
        case "_||_", [first, second]:
            return _joined(first, second, neutral=False)
        case "@in", [asked, Elements(elements)]:
            return _is_among(plain(asked), [plain(one) for one in elements])
        case "size", [Elements(elements)]:
            whole = plain(arguments[0])
            return just(len(elements)) if not whole.fails else unknown([whole])
    values = [plain(argument) for argument in arguments]
    match function, values:
        case (("!_" | "@not_strictly_false"), [one]):
            return _negated(one) if function == "!_" else _not_false(one)
        case _, [one, other] if function in _functions:
            return _worked_out(_functions[function], one, other)
        case "size", [one] if one.values is not None and _types(one) == {str}:
            return one._replace(values=frozenset(map(len, one.values)))
        case "matches", [one, pattern]:
            return _matched(one, pattern)
    return unknown(values)


def chosen(asked: Possible, first: Abstract, second: Abstract) -> Abstract:
    """Return what `asked ? first : second` comes to."""
    if asked.is_sure:
        return first if asked.may_be(True) else second if asked.may_be(False) else anything
    branches = _either(plain(first), plain(second))
    is_open = branches.is_open or asked.is_open
    return one_of(branches.values, fails=True if asked.fails else branches.fails, is_open=is_open)


def _either(first: Possible, second: Possible) -> Possible:
    fails, is_open = first.fails or second.fails, first.is_open or second.is_open
    if first.values is None or second.values is None or len(_types(first, second)) > 1:
        return one_of(None, fails=fails, is_open=is_open)
    return one_of(first.values | second.values, fails=fails, is_open=is_open)


def _types(*known: Possible) -> set[type]:
    """Return the types of their values: a set takes 1 and true for the same."""
    return {type(value) for one in known for value in one.values or ()}


def _joined(first: Abstract, second: Abstract, *, neutral: bool) -> Abstract:
    """Return what `&&` makes of two (`neutral` is true), or `||`: both absorb error values."""
    for one, other in ((first, second), (second, first)):
        if isinstance(one, Unchanged) and plain(other) == just(neutral):
            return one
    one, other = _truth(plain(first)), _truth(plain(second))
    decided = one.may_be(not neutral) or other.may_be(not neutral)
    neither = one.may_be(neutral) and other.may_be(neutral)
    fails = (one.fails and (other.fails or other.may_be(neutral))) or (
        other.fails and one.may_be(neutral)
    )
    values = {not neutral} if decided else set()
    values |= {neutral} if neither else set()
    if just(not neutral) in (one, other):
        return just(not neutral)
    return one_of(values, fails=fails, is_open=one.is_open or other.is_open)


def _truth(one: Possible) -> Possible:
    """Return the truth values of what a logical operator is asked of; of others it fails."""
    if one.values is None:
        return Possible(either, True, one.is_open)
    values = {value for value in one.values if isinstance(value, bool)}
    return one_of(values, fails=one.fails or len(values) < len(one.values), is_open=one.is_open)


def _negated(one: Possible) -> Possible:
    truth = _truth(one)
    return truth._replace(values=frozenset(not value for value in truth.values or ()))


def _not_false(one: Possible) -> Possible:
    """Whether something is true or an error value: so loops ask whether they go on."""
    truth = _truth(one)
    values = {bool(value) for value in truth.values or ()} | ({True} if truth.fails else set())
    return one_of(values, fails=False, is_open=truth.is_open)


def _is_among(asked: Possible, elements: list[Possible]) -> Possible:
    equal = [_worked_out(operator.eq, asked, one) for one in elements]
    found = reduce(lambda one, other: plain(_joined(one, other, neutral=False)), equal, just(False))
    fails = asked.fails or any(one.fails for one in elements)
    return one_of(found.values, fails=found.fails or fails, is_open=found.is_open)


_functions: dict[str, Callable[[Any, Any], bool]] = {
    "_==_": operator.eq,
    "_!=_": operator.ne,
    "_<_": operator.lt,
    "_<=_": operator.le,
    "_>_": operator.gt,
    "_>=_": operator.ge,
    "contains": operator.contains,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}
"""Functions whose value is true or false, and which fail for no values of the right types."""


def _worked_out(function: Callable[[Any, Any], bool], one: Possible, other: Possible) -> Possible:
    fails, is_open = one.fails or other.fails, one.is_open or other.is_open
    if one.values is None or other.values is None:
        return one_of(either, fails=fails, is_open=is_open)
    pairs = len(one.values) * len(other.values)
    if pairs > pairs_max or len(_types(one, other)) > 1:
        return one_of(either, fails=True, is_open=is_open)
    values = {bool(function(*pair)) for pair in product(one.values, other.values)}
    return one_of(values, fails=fails, is_open=is_open)


def _matched(one: Possible, pattern: Possible) -> Possible:
    if one.values is None or not pattern.is_sure:
        return one_of(either, fails=True, is_open=one.is_open or pattern.is_open)
    try:
        (regex,) = map(re2.compile, pattern.values or ())
        return _worked_out(lambda text, _: regex.search(text) is not None, one, pattern)
    except re2.error:
        return unknown([one, pattern])
