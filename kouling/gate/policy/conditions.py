"""The conditions of many rules, asked at once.

Conditions come in, one CEL expression for some twenty of them is made, and for the facts of an
item a row of answers about the item and one about each signal comes out. Starting an evaluation
costs as much as most conditions do. Where any of them is an error value nothing comes out, and
each has to be asked alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from kouling.gate.policy.condition import Condition, Facts, joined_expression

joined_max = 20
"""Conditions of either kind in one expression, which CEL takes up to 100,000 characters of."""

Answers = list[list[bool]]
"""Which conditions hold: first those about the item, then a row for each signal."""


class Conditions:
    """Conditions about an item and about each of its signals, asked together."""

    def __init__(self, whole: Sequence[Condition], each: Sequence[Condition]) -> None:
        parts = zip_longest(_parts_of(whole), _parts_of(each), fillvalue=())
        self._expressions: list[Any] = [joined_expression(*part) for part in parts]

    def answers(self, facts: Facts) -> Answers | None:
        """Return all answers, or None where each condition has to be asked alone."""
        rows: Answers = [[] for _ in range(1 + facts.signal_count)]
        for expression in self._expressions:
            more = None if expression is None else _evaluated(expression, facts)
            if more is None:
                return None
            rows = [row + further for row, further in zip(rows, more, strict=True)]
        return rows


def _parts_of(conditions: Sequence[Condition]) -> list[Sequence[Condition]]:
    places = range(0, len(conditions), joined_max)
    return [conditions[place : place + joined_max] for place in places]


def _evaluated(expression: Any, facts: Facts) -> Answers | None:
    try:
        value = expression.eval(facts.whole).plain_value()
    except RuntimeError:  # it would take more steps than CEL allows
        return None
    return value if isinstance(value, list) else None
