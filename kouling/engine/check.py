"""What a value of a type may be at a verb's door: one check for each type that verbs take.

A type and the name of what is checked come in, a function comes out that returns the value, or
raises `InvalidInput` with that name and a hint. Nothing here knows a room's own limits.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, NewType, NoReturn, Union, get_args, get_origin

import msgspec

from kouling.clock import check_day, check_time
from kouling.errors import InvalidInput, WrongType
from kouling.ids import id_length_max
from kouling.text import check_characters

Check = Callable[[Any], Any]
"""Takes a value and returns it, or what passes its parts on once they are checked."""

int_bits = 63
"""Bits of the largest whole number that a database holds."""


def check_of(kind: Any, name: str) -> Check:
    """Return the check of values of a type; `name` is what messages call them."""
    origin = get_origin(kind)
    if isinstance(kind, NewType):
        return _named(name) if kind.__supertype__ is str else check_of(int, name)
    if origin is Annotated:
        return _annotated(kind, name)
    if origin in (Union, UnionType):
        return _union(get_args(kind), name)
    if origin is not None:
        return _gathered(origin, get_args(kind), name)
    if kind in _plain:
        return _plain[kind](name)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _choice(kind, name)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _record(kind, name)
    return _instance(kind, name)


def _refuse(value: Any, name: str, wanted: str) -> NoReturn:
    shown = f"{value!r:.60}" if isinstance(value, str | float | bool | NoneType) else ""
    found = shown or f"of type {type(value).__name__}"
    raise WrongType(f"{name} is {found}, not {wanted}", hint=f"give {wanted}")


def _text(name: str) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, str):
            _refuse(value, name, "text")
        if not value.isprintable():
            check_characters(value, name)
        return value

    return check


def _named(name: str, length_max: int = id_length_max, what: str = "an id") -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, str):
            _refuse(value, name, "text")
        if not 0 < len(value) <= length_max or not value.isprintable():
            raise InvalidInput(
                f"{name} {value!r:.60} can't be {what}",
                hint=f"give 1 to {length_max} printable characters",
            )
        return value

    return check


def _whole(name: str) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            _refuse(value, name, "a whole number")
        if value.bit_length() > int_bits:
            message = f"{name} is a number of {value.bit_length()} bits"
            raise InvalidInput(message, hint=f"numbers have up to {int_bits} bits")
        return value

    return check


def _time(name: str) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, datetime):
            _refuse(value, name, "a time with its zone")
        check_time(value, name)
        return value

    return check


def _day(name: str) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, date) or isinstance(value, datetime):
            _refuse(value, name, "a date")
        check_day(value, name)
        return value

    return check


def _bytes(name: str) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, bytes):
            _refuse(value, name, "bytes")
        return value

    return check


def _choice(kind: type[enum.Enum], name: str) -> Check:
    known = {member.value for member in kind}

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            _refuse(value, name, f"a {kind.__name__}")
        if value not in known:
            message = f"{name} {value!r:.60} is unknown"
            raise InvalidInput(message, hint=f"known: {', '.join(map(str, known))}")
        return value

    return check


def _instance(kind: Any, name: str) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            _refuse(value, name, f"a {kind.__name__}")
        return value

    return check


def _record(kind: type[msgspec.Struct], name: str) -> Check:
    # Built one by one for the place where they stand, so that a message names the place.
    fields = msgspec.structs.fields(kind)
    checks = [check_of(field.type, f"{name}.{field.name}") for field in fields]
    if not fields:
        return _instance(kind, name)
    values_of = attrgetter(*(field.name for field in fields))
    single = len(fields) == 1

    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            _refuse(value, name, f"a {kind.__name__}")
        values = values_of(value)
        for one, part in zip(checks, (values,) if single else values, strict=True):
            one(part)
        return value

    return check


def _annotated(kind: Any, name: str) -> Check:
    bare, *notes = get_args(kind)
    for note in notes:
        if bare is str and isinstance(note, msgspec.Meta) and note.max_length:
            return _named(name, note.max_length, note.title or "an id")
    return check_of(bare, name)


def _union(kinds: tuple[Any, ...], name: str) -> Check:
    others = [kind for kind in kinds if kind is not NoneType]
    named = [kind for kind in others if isinstance(kind, type) and issubclass(kind, enum.Enum)]
    if len(others) > 1 and len(named) == 1:  # `Surface | str`: it may be given by its name
        others = named
    assert len(others) == 1, f"{name} may be of several types"
    check = check_of(others[0], name)
    if NoneType not in kinds:
        return check
    return lambda value: None if value is None else check(value)


def _gathered(origin: Any, kinds: tuple[Any, ...], name: str) -> Check:
    if issubclass(origin, Mapping):
        return _instance(origin, name)
    each = check_of(kinds[0], name)
    wanted: Any = tuple | list if origin is tuple else origin

    def check(value: Any) -> Any:
        if isinstance(value, str | bytes | bytearray) or not isinstance(value, wanted):
            _refuse(value, name, "a list")
        if not isinstance(value, Collection):
            return _as_they_pass(value, each)
        for one in value:
            each(one)
        return value

    return check


def _as_they_pass(values: Iterable[Any], each: Check) -> Iterator[Any]:
    for value in values:
        yield each(value)


_plain: dict[Any, Callable[[str], Check]] = {
    str: _text,
    int: _whole,
    datetime: _time,
    date: _day,
    bytes: _bytes,
    Any: lambda _: lambda value: value,
}
