"""Every verb refuses what it can't use, before anything is written: a matrix made from its types.

The types are read here once more, apart from the doors' own reading of them.
"""

import enum
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, NamedTuple, get_args, get_origin

import msgspec
import pytest

from kouling import Engine, Money, bundled_policy
from kouling.deliver import PastLike
from kouling.engine import is_verb
from kouling.engine.verb import Checks
from kouling.errors import InvalidInput
from kouling.eventlog import length
from kouling.gate import Policy
from kouling.ids import ItemId, UserId
from tests.samples import friend, item
from tools.build_verb_page import doors

hour = datetime(2018, 5, 29, 4, 0, tzinfo=UTC)
naive = hour.replace(tzinfo=None)
first_year, last_year = hour.replace(year=1), hour.replace(year=9999)

no_text = [None, 7, 10.5, True, b"x", "a\0", "\ud800", ["x"], object()]
bad: dict[Any, list[Any]] = {
    str: no_text,
    "id": [*no_text, "", "a\nb", "x" * 129],
    "key": [*no_text, "", "a\nb", "x" * 513],
    int: [None, 10.5, True, "7", 2**63, -(2**63) - 1, 10**5_000, float("nan")],
    datetime: [None, 7, "2018-05-29", hour.date(), naive, first_year, last_year],
    date: [None, 7, "2018-05-29", hour, date.min, date.max],
    bytes: [None, 7, "x", bytearray(b"x"), [1]],
    bool: [None, 0, 1, "true", b"x"],
    enum.Enum: [None, 7, True, "nonsense", "", "\ud800", b"chat"],
    "record": [None, 7, "x", {}, object(), (), Money],
    "several": [None, 7, "text", b"bytes", object()],
    Mapping: [None, 7, "text", [1]],
    "other": [None, 7, "text"],
}
good: dict[Any, Any] = {
    str: "x",
    "id": "x",
    "key": "x",
    int: 7,
    datetime: hour,
    date: hour.date(),
    bytes: b"x" * 32,
    bool: False,
    Mapping: {},
    "other": 7,
}


class Case(NamedTuple):
    """One bad value in one place of what a verb is given, and the words that name the place."""

    verb: str
    where: str
    value: Any
    arguments: Callable[[], dict[str, Any]]


class Method(NamedTuple):
    """A verb as it is called, and the types of what it takes."""

    name: str
    call: Callable[..., Any]
    kinds: dict[str, Any]


def methods(engine: Engine) -> Iterator[Method]:
    for door in doors(engine):
        for name, method in vars(type(door)).items():
            if is_verb(method):
                called = f"{type(door).__name__}.{name}"
                yield Method(called, getattr(door, name), dict(_kinds_of(method)))


def _kinds_of(method: Any) -> Iterator[tuple[str, Any]]:
    hints = typing.get_type_hints(inspect.unwrap(method), include_extras=True)
    for parameter in inspect.signature(method).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            yield from typing.get_type_hints(
                get_args(hints[parameter.name])[0], include_extras=True
            ).items()
        elif parameter.name != "self":
            yield parameter.name, hints[parameter.name]


def _sort(kind: Any) -> Any:
    """The row of `bad` for a type that stands for one value."""
    if isinstance(kind, typing.NewType):
        return "id" if kind.__supertype__ is str else int
    if get_origin(kind) is typing.Annotated:
        (meta,) = kind.__metadata__
        return {128: "id", 512: "key"}[meta.max_length]
    if get_origin(kind) is not None:
        return Mapping if issubclass(get_origin(kind), Mapping) else "several"
    if issubclass(kind, enum.Enum):
        return enum.Enum
    if issubclass(kind, msgspec.Struct):
        return "record"
    return kind if kind in bad else "other"


def _members(kind: Any) -> tuple[Any, bool]:
    """The one type that a value has if it is not None, and whether it may be None."""
    if get_origin(kind) not in (typing.Union, types.UnionType):
        return kind, False
    members = [one for one in get_args(kind) if one is not types.NoneType and not _is_error(one)]
    named = [one for one in members if isinstance(one, type) and issubclass(one, enum.Enum)]
    (only,) = named or members
    return only, types.NoneType in get_args(kind)


def example(kind: Any) -> Any:
    """A value that a verb takes."""
    kind, optional = _members(kind)
    sort = _sort(kind)
    if sort == "other" and optional:
        return None
    if kind is Policy:
        return bundled_policy("open")
    if kind is Money:
        return Money(7, "CNY")
    if sort == "record":
        fields = {field.name: example(field.type) for field in msgspec.structs.fields(kind)}
        return kind(**fields)
    if sort == "several":
        several = frozenset if get_origin(kind) is frozenset else tuple
        return several([example(get_args(kind)[0])])
    return next(iter(kind)) if sort is enum.Enum else good[sort]


def wrong(kind: Any, where: str) -> Iterator[tuple[str, Any, Callable[[], Any]]]:
    """Yield where a value is wrong, the bad value, and what makes the whole with it inside."""
    may_be_wrong = any(_is_error(one) for one in get_args(kind))
    kind, optional = _members(kind)
    sort = _sort(kind)
    for value in bad[sort]:
        if value is not None or not optional:
            yield where, value, partial(_itself, value)
    if sort == "several":
        for place, value, part in wrong(get_args(kind)[0], where):
            yield place, value, partial(_listed, part)
            if get_origin(kind) is Iterable:
                yield place, value, partial(_once, part)
    if sort == "record" and not may_be_wrong:  # else what is wrong with its content is a value
        for field in msgspec.structs.fields(kind):
            for place, value, part in wrong(field.type, f"{where}.{field.name}"):
                yield place, value, partial(_with, kind, field.name, part)


def _is_error(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)


def _itself(value: Any) -> Any:
    return value


def _listed(make: Callable[[], Any]) -> list[Any]:
    return [make()]


def _once(make: Callable[[], Any]) -> Iterator[Any]:
    return iter([make()])


def _with(kind: Any, name: str, make: Callable[[], Any]) -> Any:
    record = msgspec.structs.replace(example(kind))
    msgspec.structs.force_setattr(record, name, make())  # `Money` checks itself when it is made
    return record


def cases(method: Method) -> Iterator[Case]:
    for name, kind in method.kinds.items():
        for where, value, make in wrong(kind, name):
            yield Case(method.name, where, value, partial(_arguments, method, name, make))


def _arguments(method: Method, name: str, make: Callable[[], Any]) -> dict[str, Any]:
    """What a verb takes, with what is made under one name."""
    return {**{other: example(one) for other, one in method.kinds.items()}, name: make()}


def written(engine: Engine) -> int:
    with engine._runtime.read() as connection:
        return length(connection)


def raise_first(answers: Any) -> None:
    """A verb of many answers each with its error, so that it does the others no harm."""
    if isinstance(answers, tuple) and answers and isinstance(answers[0], InvalidInput):
        raise answers[0]


def test_every_verb_refuses_every_bad_value_and_writes_nothing(engine: Engine) -> None:
    before, tried, taken = written(engine), 0, []
    for method in methods(engine):
        for case in cases(method):
            tried += 1
            try:
                raise_first(method.call(**case.arguments()))
            except InvalidInput as refused:
                record, _, name = case.where.rpartition(".")
                if refused.where == record and name in refused.message and refused.hint:
                    continue
                taken.append(f"{case.verb} {case.where}={_shown(case.value)}: {refused!a}")
            except Exception as error:
                taken.append(f"{case.verb} {case.where}={_shown(case.value)}: {error!a:.200}")
            else:
                taken.append(f"{case.verb} {case.where}={_shown(case.value)} is taken")
    assert not taken, "\n" + "\n".join(taken)
    assert tried > 1_000
    assert written(engine) == before


def test_every_verb_refuses_an_option_that_it_does_not_have(engine: Engine) -> None:
    found = list(methods(engine))
    assert len(found) > 30
    for method in found:
        with pytest.raises(InvalidInput, match="has no option colour") as refused:
            method.call(colour="red")
        assert isinstance(refused.value, TypeError)
        with pytest.raises(InvalidInput, match="by place"):
            method.call(*[example(str)] * 9)


def test_every_verb_lets_good_values_through(engine: Engine) -> None:
    """What they mean may be refused later, but not what they are."""
    for method in methods(engine):
        arguments = {name: example(kind) for name, kind in method.kinds.items()}
        checks = Checks(inspect.unwrap(method.call.__func__))  # type: ignore[attr-defined]  # bound
        assert checks.of_options(arguments) == arguments
        optional = {name for name, kind in method.kinds.items() if _members(kind)[1]}
        assert checks.of_options(dict.fromkeys(optional)) == dict.fromkeys(optional)


def test_what_is_given_one_by_one_is_checked_one_by_one(engine: Engine) -> None:
    drawn: list[int] = []

    def likes() -> Iterator[Any]:
        for number in range(1_500):
            drawn.append(number)
            yield PastLike(user=UserId(f"{number}"), item=ItemId("missing"), at=hour)
        yield PastLike(user=UserId("one"), item=ItemId("a\0"))

    with pytest.raises(InvalidInput, match="likes: item"):
        engine.deliver.import_likes(likes())
    assert len(drawn) == 1_500


def test_a_list_of_likes_with_a_bad_one_is_refused_as_a_whole(engine: Engine) -> None:
    engine.gate(item("1", surface="interest"))
    likes = [PastLike(user=UserId(f"{number}"), item=ItemId("1")) for number in range(1_500)]
    before = written(engine)

    with pytest.raises(InvalidInput, match="likes: at"):
        engine.deliver.import_likes([*likes, PastLike(user=friend, item=ItemId("1"), at=naive)])
    assert written(engine) == before


def test_one_text_is_no_list_of_texts(engine: Engine) -> None:
    with pytest.raises(InvalidInput, match=r"hosts is 'shop\.example', not a list"):
        engine.mint.hosts.allow(UserId("shop"), "shop.example")


def _shown(value: Any) -> str:
    return "a huge number" if isinstance(value, int) and value > 2**80 else f"{value!a:.40}"
