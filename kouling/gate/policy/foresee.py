"""What an expression may come to while some facts are not known yet.

An expression and what is known of the facts come in; the values that it may have come out, and
whether they may depend on the facts that are *open*: signals that may still come or go. It is a
small abstract interpreter of CEL: what it can't follow may come to anything.
"""

from __future__ import annotations

from collections.abc import Mapping

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
from kouling.gate.policy.possible import (
    Abstract,
    Elements,
    Possible,
    Shown,
    Signals,
    Unchanged,
    anything,
    called,
    chosen,
    either,
    just,
    one_of,
    plain,
    unknown,
)

elements_max = 64
"""Elements of a list that a loop is followed over one by one."""

steps_max = 10_000
"""Steps of loops that CEL takes in one evaluation before it fails."""

signals_max = 1_000
"""Signals that an item is taken to have at most, to say how many steps a loop may take."""


def foresee(tree: Expression, names: Mapping[str, Abstract]) -> Possible:
    """Return what an expression may come to, by what is known of the facts."""
    if _steps(tree) > steps_max:
        return Possible(is_open=True)
    return plain(_come_to(tree, names))


def _steps(tree: Expression) -> int:
    """Return how many steps of loops an expression takes at most."""
    if not isinstance(tree, Loop):
        return sum(map(_steps, parts_of(tree)))
    turns = len(tree.over.elements) if isinstance(tree.over, Listing) else signals_max
    within = 1 + _steps(tree.goes_on) + _steps(tree.step)
    return _steps(tree.over) + _steps(tree.start) + turns * within + _steps(tree.value)


def _come_to(tree: Expression, names: Mapping[str, Abstract]) -> Abstract:
    match tree:
        case Literal(value=value):
            return just(value)
        case Variable(name):
            return names.get(name, anything)
        case FieldOf():
            return _member(tree, names)
        case Listing(elements):
            return Elements(tuple(_come_to(one, names) for one in elements))
        case Loop():
            return _loop(tree, names)
        case Call("_?_:_", (asked, *branches)):
            first, second = (_come_to(one, names) for one in branches)
            return chosen(plain(_come_to(asked, names)), first, second)
        case Call(function, arguments):
            return called(function, [_come_to(one, names) for one in arguments])
        case _:
            return unknown(plain(_come_to(part, names)) for part in parts_of(tree))


def _member(tree: FieldOf, names: Mapping[str, Abstract]) -> Possible:
    of = _come_to(tree.of, names)
    if not isinstance(of, Shown) or tree.name not in of.fields:
        return unknown([plain(of)])
    field = of.fields[tree.name]
    if not tree.is_test:
        return field
    values = either if field.values is None else {bool(value) for value in field.values}
    return one_of(values, fails=False, is_open=field.is_open)


def _loop(loop: Loop, names: Mapping[str, Abstract]) -> Abstract:
    over, start = _come_to(loop.over, names), _come_to(loop.start, names)
    come_to: Abstract
    match over:
        case Elements(elements) if len(elements) <= elements_max and not plain(over).fails:
            come_to = _unrolled(loop, names, over, start)
        case Signals():
            come_to = _over_signals(loop, names, over, start)
        case _:
            unknown = plain(over)
            come_to = _over_any(loop, names, Possible(is_open=unknown.is_open), start)
            come_to = come_to._replace(is_open=come_to.is_open or unknown.is_open)
    return _come_to(loop.value, {**names, loop.result: come_to})


def _unrolled(
    loop: Loop, names: Mapping[str, Abstract], over: Elements, start: Abstract
) -> Abstract:
    """Return what a loop comes to over a list that is written out."""
    come_to = start
    for element in over.elements:
        within = {**names, loop.result: come_to}
        goes_on = plain(_come_to(loop.goes_on, within))
        step = _come_to(loop.step, {**within, loop.element: element})
        come_to = chosen(goes_on, step, come_to)
    return come_to


def _over_signals(
    loop: Loop, names: Mapping[str, Abstract], over: Signals, start: Abstract
) -> Possible:
    """Return what a loop comes to, which is not open if no open signal makes it another."""
    for one in over.open:
        within = {**names, loop.result: Unchanged(), loop.element: one}
        if not isinstance(_come_to(loop.step, within), Unchanged):
            return Possible(is_open=True)
    return _over_any(loop, names, over.other, start)


def _over_any(
    loop: Loop, names: Mapping[str, Abstract], element: Abstract, start: Abstract
) -> Possible:
    """Return what a loop comes to over any number of elements of which so much is known."""
    within = {**names, loop.result: anything, loop.element: element}
    return unknown(
        [plain(start), *(plain(_come_to(one, within)) for one in (loop.goes_on, loop.step))]
    )
