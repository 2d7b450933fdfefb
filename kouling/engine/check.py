"""What a value of a type may be at a verb's door: one check for each type that verbs take.

A type and the spot where its value is given come in, a function comes out that returns the value,
or raises `InvalidInput` with that spot and a hint. Nothing here knows a room's own limits.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, NewType, Union, get_args, get_origin

import msgspec

from kouling.clock import check_day, check_time
from kouling.engine.spot import Spot
from kouling.errors import InvalidInput, WrongType
from kouling.ids import id_length_max
from kouling.text import check_characters

Check = Callable[[Any], Any]
"""Takes a value and returns it, or what passes its parts on once they are checked."""

int_bits = 63
"""Bits of the largest whole number that a database holds."""


def check_of(kind: Any, spot: Spot) -> Check:
    """Return the check of values of a type."""
    origin = get_origin(kind)
    if isinstance(kind, NewType):
        return _named(spot) if kind.__supertype__ is str else check_of(kind.__supertype__, spot)
    if origin is Annotated:
        return _annotated(kind, spot)
    if origin in (Union, UnionType):
        return _union(get_args(kind), spot)
    if origin is not None:
        return _gathered(origin, get_args(kind), spot)
    if kind in _plain:
        return _plain[kind](spot)
    if issubclass(kind, enum.Enum):
        return _choice(kind, spot)
    if issubclass(kind, msgspec.Struct):
        return _record(kind, spot)
    return _instance(kind, spot)


def _text(spot: Spot) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, str):
            spot.refuse(value, "text")
        if not value.isprintable():
            check_characters(value, *spot)
        return value

    return check


def _named(spot: Spot, length_max: int = id_length_max, what: str = "an id") -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, str):
            spot.refuse(value, "text")
        if not 0 < len(value) <= length_max or not value.isprintable():
            raise InvalidInput(
                f"{spot.name} {value!r:.60} can't be {what}",
                hint=f"give 1 to {length_max} printable characters",
                where=spot.where,
            )
        return value

    return check


def _whole(spot: Spot) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            spot.refuse(value, "a whole number")
        if value.bit_length() > int_bits:
            raise InvalidInput(
                f"{spot.name} is a number of {value.bit_length()} bits",
                hint=f"numbers have up to {int_bits} bits",
                where=spot.where,
            )
        return value

    return check


def _time(spot: Spot) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, datetime):
            spot.refuse(value, "a time with its zone")
        check_time(value, *spot)
        return value

    return check


def _day(spot: Spot) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, date) or isinstance(value, datetime):
            spot.refuse(value, "a date")
        check_day(value, *spot)
        return value

    return check


def _choice(kind: type[enum.Enum], spot: Spot) -> Check:
    known = {member.value: None for member in kind}

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            spot.refuse(value, f"a {kind.__name__}")
        if value not in known:
            message = f"{spot.name} {value!r:.60} is unknown"
            raise InvalidInput(message, hint=f"known: {', '.join(known)}", where=spot.where)
        return value

    return check


def _instance(kind: Any, spot: Spot) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            spot.refuse(value, kind.__name__)
        return value

    return check


def _record(kind: type[msgspec.Struct], spot: Spot) -> Check:
    # Made anew for each spot at which such a record is given, so that a message can name it.
    fields = msgspec.structs.fields(kind)
    checks = [check_of(field.type, spot.field(field.name)) for field in fields]
    defaults = [field.default for field in fields]
    values_of = attrgetter(*(field.name for field in fields), "__class__")  # always several

    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            spot.refuse(value, kind.__name__)
        for one, default, part in zip(checks, defaults, values_of(value), strict=False):
            if part is not default:
                one(part)
        return value

    return check


def _annotated(kind: Any, spot: Spot) -> Check:
    bare, *notes = get_args(kind)
    for note in notes:
        if bare is str and isinstance(note, msgspec.Meta) and note.max_length:
            return _named(spot, note.max_length, note.title or "an id")
    return check_of(bare, spot)


def _union(kinds: tuple[Any, ...], spot: Spot) -> Check:
    others = [kind for kind in kinds if kind is not NoneType]
    if len(others) > 1 and all(_is_record(kind) for kind in others):
        return _one_of(others, spot)
    named = [kind for kind in others if isinstance(kind, type) and issubclass(kind, enum.Enum)]
    if len(others) > 1 and len(named) == 1:  # `Surface | str`: it may be given by its name
        others = named
    errors = tuple(kind for kind in others if _is_error(kind))
    if errors:
        return _each_for_itself(_union(tuple(set(kinds).difference(errors)), spot), errors)
    assert len(others) == 1, f"{spot} may be of several types"
    check = check_of(others[0], spot)
    if NoneType not in kinds:
        return check
    return lambda value: None if value is None else check(value)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _one_of(kinds: list[Any], spot: Spot) -> Check:
    checks = {kind: _record(kind, spot) for kind in kinds}

    def check(value: Any) -> Any:
        known = checks.get(type(value))
        if known is None:
            spot.refuse(value, " or ".join(kind.__name__ for kind in kinds))
        return known(value)

    return check


def _is_error(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)


def _each_for_itself(check: Check, errors: tuple[type[Exception], ...]) -> Check:
    """Return the check of `Item | InvalidInput`: one of many, whose faults are told in its place.

    So only what is of another type is refused here; what is wrong with its content the room tells.
    """

    def passed(value: Any) -> Any:
        try:
            return value if isinstance(value, errors) else check(value)
        except WrongType:
            raise
        except InvalidInput:
            return value

    return passed


def _gathered(origin: Any, kinds: tuple[Any, ...], spot: Spot) -> Check:
    if issubclass(origin, Mapping):
        return _instance(origin, spot)
    each = check_of(kinds[0], spot)
    wanted: Any = tuple | list if origin is tuple else origin

    def check(value: Any) -> Any:
        if isinstance(value, str | bytes | bytearray) or not isinstance(value, wanted):
            spot.refuse(value, "a list")
        if not isinstance(value, Collection):
            return _as_they_pass(value, each)
        for one in value:
            each(one)
        return value

    return check


def _as_they_pass(values: Iterable[Any], each: Check) -> Iterator[Any]:
    for value in values:
        yield each(value)


_plain: dict[Any, Callable[[Spot], Check]] = {
    str: _text,
    int: _whole,
    datetime: _time,
    date: _day,
    Any: lambda _: lambda value: value,
}
