"""A rule's condition in CEL, checked against declared types before it ever runs.

A misspelt field is an error with line and column when the policy is read, not a rule that
silently never applies. Conditions can't loop without bound, and `matches` is linear (RE2). A
condition that fails while it runs (a missing list element, a division by zero) is an error
value, for which the policy states an outcome. Language: https://cel.dev (C++ runtime).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple, Self

import re2
from cel_expr_python import cel
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from kouling.gate.policy.expression import (
    Call,
    Expression,
    Literal,
    all_in,
    expression_of,
    names_read,
)
from kouling.gate.policy.glance import Glance, glances_of
from kouling.gate.policy.hints import Mistake, hint_of
from kouling.gate.records import Item, Signal

condition_length_max = 2_000
"""Characters in a condition."""

_words = {"item", "item.text", "item.id", "author", "author.id"}

_Field = descriptor_pb2.FieldDescriptorProto
_kinds = {
    str: _Field.TYPE_STRING,
    float: _Field.TYPE_DOUBLE,
    int: _Field.TYPE_INT64,
    bool: _Field.TYPE_BOOL,
}

signal_fields: dict[str, type] = {
    "detector": str,
    "kind": str,
    "party": str,
    "issuer": str,
    "text": str,
    "code": str,
    "start": int,
    "end": int,
    "confidence": float,
    "picture": int,
}
"""What a condition may know of a signal, and of which types; next of its item and the author."""

item_fields: dict[str, type] = {
    "id": str,
    "text": str,
    "surface": str,
    "pictures": int,
    "narrowed": bool,
}
author_fields: dict[str, type] = {"id": str, "banned": bool}


fact_fields = {"item": item_fields, "author": author_fields, "signal": signal_fields}


class Author(NamedTuple):
    """What a condition may know of an item's author."""

    id: str
    banned: bool


class ConditionError(ValueError):
    """A condition does not compile; `line` and `column` count from 1 inside it.

    `others` are what else is wrong in it.
    """

    def __init__(
        self, message: str, hint: str, place: tuple[int, int], others: Sequence[Self] = ()
    ) -> None:
        super().__init__(message)
        self.hint, self.others = hint, others
        self.line, self.column = place


class Condition:
    """A compiled condition; `holds` gives True, False, or None for an error value.

    What it asks about is told from its `tree`, never from its source.
    """

    def __init__(self, expression: Any, source: str) -> None:
        self._expression = expression
        self.source = source
        self.tree: Expression = expression_of(expression)
        _check_patterns(self.tree, source)

    @cached_property
    def reads(self) -> frozenset[str]:
        """What it may read: `signal.kind`, or `signal` where it uses more than its fields."""
        return names_read(self.tree)

    @cached_property
    def reads_words(self) -> bool:
        """Whether it may look at the item's text or at an id."""
        return not self.reads.isdisjoint(_words)

    @cached_property
    def _glances(self) -> tuple[Glance, ...]:
        return glances_of(self.tree)

    def holds(self, facts: Any) -> bool | None:
        """Evaluate over what `Facts` shows."""
        try:
            value = self._expression.eval(facts).value()
        except RuntimeError:  # it would take more steps than CEL allows
            return None
        return value if isinstance(value, bool) else None

    def is_ruled_out(self, text: str) -> bool:
        """Say whether a glance at an item's text shows that the condition is false of it."""
        return any(not glance(text) for glance in self._glances)


def compile_condition(source: str, *, each_signal: bool) -> Condition:
    """Compile and type-check a condition; raise `ConditionError` with the place and a hint.

    Only a condition that is asked of `each_signal` may speak of `signal`.
    """
    if len(source) > condition_length_max:
        raise _mistake(f"longer than {condition_length_max} characters", source, (1, 1))
    language = _language()
    try:
        expression = (language.each if each_signal else language.whole).compile(source)
    except RuntimeError as error:
        raise _condition_error(str(error), source, each_signal) from None
    if expression.return_type().name() != "BOOL":
        raise _mistake("a condition must be true or false", source, (1, 1))
    return Condition(expression, source)


def place_in(source: str, offset: int) -> tuple[int, int]:
    """Return line and column, counted from 1, of an offset in a condition."""
    before = source[:offset].split("\n")
    return len(before), len(before[-1]) + 1


def joined_expression(whole: Sequence[Condition], each: Sequence[Condition]) -> Any:
    """Return one expression for many conditions, None where they are too deep to be joined.

    Its value is a list of lists: what the conditions say about the `whole` item, then what
    those about `each` signal say of every one; or an error value where one of them is.
    """
    source = f"[{_list_of(whole)}] + signals.map(signal, {_list_of(each)})"
    try:
        return _language().whole.compile(source)
    except RuntimeError:
        return None


class Facts:
    """What conditions see of one item: `item`, `author`, all `signals`, and one `signal`.

    Made once for all rules of a policy; nothing is computed before a condition asks for it.
    """

    def __init__(self, item: Item, author: Author, signals: Sequence[Signal]) -> None:
        self._item, self._author, self._signals = item, author, signals
        self._facts: dict[str, Any] | None = None
        self._whole: Any = None
        self._seen: list[Any] = []

    @property
    def signal_count(self) -> int:
        """How many signals there are."""
        return len(self._signals)

    @property
    def whole(self) -> Any:
        """The facts about the item as a whole."""
        if self._whole is None:
            self._whole = _language().whole.Activation(self._shared())
        return self._whole

    def each(self) -> Iterator[Any]:
        """Give the facts seen from each signal, in their order."""
        shared = self._shared()
        for place, message in enumerate(shared["signals"]):
            if place == len(self._seen):
                self._seen.append(_language().each.Activation({**shared, "signal": message}))
            yield self._seen[place]

    def _shared(self) -> dict[str, Any]:
        if self._facts is None:
            language = _language()
            self._facts = {
                "item": _item_message(language.item, self._item),
                "author": language.author(id=self._author.id, banned=self._author.banned),
                "signals": [_signal_message(language.signal, one) for one in self._signals],
            }
        return self._facts


class _Language(NamedTuple):
    whole: Any
    each: Any
    signal: Any
    item: Any
    author: Any


@cache
def _language() -> _Language:
    file = descriptor_pb2.FileDescriptorProto(name="kouling", package="kouling", syntax="proto3")
    for name, fields in (
        ("Signal", signal_fields),
        ("Item", item_fields),
        ("Author", author_fields),
    ):
        _declare(file, name, fields)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    signal, item, author = (
        message_factory.GetMessageClass(pool.FindMessageTypeByName(f"kouling.{name}"))
        for name in ("Signal", "Item", "Author")
    )
    variables = {
        "signals": cel.Type.List(cel.Type("kouling.Signal")),
        "item": cel.Type("kouling.Item"),
        "author": cel.Type("kouling.Author"),
    }
    whole = cel.NewEnv(pool, variables=variables)
    each = cel.NewEnv(pool, variables={**variables, "signal": cel.Type("kouling.Signal")})
    return _Language(whole, each, signal, item, author)


def _declare(file: descriptor_pb2.FileDescriptorProto, name: str, fields: dict[str, type]) -> None:
    message = file.message_type.add(name=name)
    for number, (field, kind) in enumerate(fields.items(), 1):
        message.field.add(name=field, number=number, type=_kinds[kind], label=_Field.LABEL_OPTIONAL)


def _list_of(conditions: Sequence[Condition]) -> str:
    # A comment at the end of a condition ends with its line.
    return "[" + ", ".join(f"({one.source}\n)" for one in conditions) + "]"


def _signal_message(message: Any, signal: Signal) -> Any:
    return message(
        detector=signal.detector,
        kind=signal.kind,
        party=signal.party or "",
        issuer=signal.issuer or "",
        text=signal.text,
        code=signal.code,
        start=signal.start,
        end=signal.end,
        confidence=signal.confidence,
        picture=signal.picture,
    )


def _item_message(message: Any, item: Item) -> Any:
    return message(
        id=item.id,
        text=item.text,
        surface=item.surface,
        pictures=len(item.pictures),
        narrowed=item.audience is not None,
    )


def _check_patterns(tree: Expression, source: str) -> None:
    """CEL compiles a regex when it runs; a broken one is an error before that."""
    for part in all_in(tree):
        match part:
            case Call("matches", (*_, Literal(str(pattern), place))):
                options = re2.Options()
                options.log_errors = False
                try:
                    re2.compile(pattern, options)
                except re2.error as error:
                    reason = error.args[0]
                    told = reason.decode() if isinstance(reason, bytes) else reason
                    message = f"the pattern can't be read: {told}"
                    raise _mistake(message, source, place_in(source, place)) from None


def _condition_error(report: str, source: str, each_signal: bool) -> ConditionError:
    """Return all that the compiler found; of what it could not even read the first mistake."""
    found = [
        _mistake(match[3], source, (int(match[1]), int(match[2])), each_signal=each_signal)
        for match in re.finditer(r"ERROR: <input>:(\d+):(\d+): (.*)", report)
    ]
    if not found:
        return _mistake(report.split("\n")[0], source, (1, 1))
    unnamed = [one for one in found if "undeclared reference to 's" not in str(one)]
    first, *others = unnamed or found  # what a loop is not called is why its name is not known
    first.others = [one for one in others if not str(one).startswith("Syntax")]
    return first


def _mistake(
    message: str, source: str, place: tuple[int, int], *, each_signal: bool = True
) -> ConditionError:
    *above, _ = source.split("\n")[: place[0]] or [""]
    offset = sum(len(line) + 1 for line in above) + place[1] - 1
    mistake = Mistake(message, source, offset)
    return ConditionError(message, hint_of(mistake, fact_fields, each_signal=each_signal), place)
