"""What a condition may come to is told so that what it comes to is always among it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kouling.gate.policy.condition import (
    Author,
    Facts,
    author_fields,
    compile_condition,
    item_fields,
    signal_fields,
)
from kouling.gate.policy.foresee import foresee
from kouling.gate.policy.possible import Abstract, Possible, Shown, Signals, any_of, just
from tests.gate import strategies as some
from tests.gate.policy.test_depth import items

in_text = some.signals_of(None, 0)
unknown = Shown({name: any_of(kind) for name, kind in signal_fields.items()})


def values_of(one: Any, fields: Mapping[str, type]) -> dict[str, Any]:
    """What conditions see in the fields of a record."""
    counted: dict[str, Callable[[], object]] = {
        "pictures": lambda: len(one.pictures),
        "narrowed": lambda: one.audience is not None,
    }
    values = {
        name: counted[name]() if name in counted else getattr(one, name) or kind()
        for name, kind in fields.items()
    }
    return {name: str(value) if fields[name] is str else value for name, value in values.items()}


@st.composite
def partly_known(draw: st.DrawFn, one: Any, other: Any, fields: Mapping[str, type]) -> Shown:
    """A record of each field of which the value is known, that it is one of two, or its type."""
    ours, theirs = values_of(one, fields), values_of(other, fields)
    ways = {
        name: (just(ours[name]), just(ours[name], theirs[name]), any_of(kind))
        for name, kind in fields.items()
    }
    return Shown({name: ways[name][draw(st.integers(0, 2))] for name in fields})


@given(st.data())
@settings(max_examples=200)
def test_what_a_condition_comes_to_is_among_what_was_foreseen(data: st.DataObject) -> None:
    draw = data.draw
    condition = compile_condition(draw(some.of_signals), each_signal=True)
    one, banned, signals = draw(items), draw(st.booleans()), draw(st.lists(in_text, min_size=1))
    facts = Facts(one, Author("seller", banned), signals)
    names: dict[str, Abstract] = {
        "signal": draw(partly_known(signals[0], draw(in_text), signal_fields)),
        "item": draw(partly_known(one, draw(items), item_fields)),
        "author": draw(partly_known(Author("seller", banned), Author("x", False), author_fields)),
        "signals": Signals((), unknown),
    }

    foreseen = foresee(condition.tree, names)

    came_to = condition.holds(next(facts.each()))
    assert foreseen.fails if came_to is None else foreseen.may_be(came_to)


@pytest.mark.parametrize(
    ("source", "foreseen"),
    [
        ("false && 1 / 0 == 1", just(False)),
        ("1 / 0 == 1 || true", just(True)),
        ("author.banned || !author.banned", just(True, False)),
        ("dyn(1) in [true, false]", Possible(frozenset((True, False)), fails=True)),
        ('"a" in ["a", "b"]', just(True)),
        ("[1, 2, 3].all(n, n > 0)", just(True)),
        ("[1, 2, 3].exists_one(n, n == 2)", Possible(frozenset((True, False)), fails=True)),
        ('"秘密".size() == 2 && "ab".matches("^a")', just(True)),
    ],
)
def test_what_is_not_asked_of_facts_is_worked_out(source: str, foreseen: Possible) -> None:
    tree = compile_condition(source, each_signal=False).tree
    author = Shown({"banned": any_of(bool)})

    assert foresee(tree, {"author": author}) == foreseen
