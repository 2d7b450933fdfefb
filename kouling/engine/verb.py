"""The mark of a verb: what an engine can be asked to do, and is listed, checked and reached by.

A marked method looks at what it is given before it does anything. What a value may be is read
once from the method's own types, when it is first called.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, Unpack, cast, get_args, get_origin, get_type_hints

from kouling.engine.check import Check, check_of
from kouling.engine.spot import Spot
from kouling.errors import WrongType

Method = TypeVar("Method", bound=Callable[..., Any])

_mark = "_is_verb"


def verb(method: Method) -> Method:
    """Mark a door's method as a verb that refuses what it can't use with `InvalidInput`."""
    checks: Checks | None = None

    @wraps(method)
    def checked(door: Any, /, *values: Any, **options: Any) -> Any:
        nonlocal checks
        if checks is None:
            checks = Checks(method)
        values = checks.of_values(values)
        return method(door, *values, **checks.of_options(options) if options else options)

    setattr(checked, _mark, True)
    return cast(Method, checked)


def is_verb(method: object) -> bool:
    """Say whether a door's method is marked as a verb."""
    return bool(getattr(method, _mark, False))


class Checks:
    """The checks of all that a verb takes, by place and by name."""

    def __init__(self, method: Callable[..., Any]) -> None:
        door, _, name = method.__qualname__.rpartition(".")
        self._name = door.removesuffix("Door").lower() if name == "__call__" else name
        kinds, parameters = get_type_hints(method, include_extras=True), _parameters_of(method)
        self._by_name: dict[str, Check] = {}
        for parameter in parameters:
            kind = kinds[parameter.name]
            if parameter.kind is parameter.VAR_KEYWORD and get_origin(kind) is Unpack:
                (options,) = get_args(kind)
                for option, one in get_type_hints(options, include_extras=True).items():
                    self._by_name[option] = check_of(one, Spot(option))
            else:
                self._by_name[parameter.name] = check_of(kind, Spot(parameter.name))
        self._by_place = [
            self._by_name[parameter.name]
            for parameter in parameters
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]

    def of_values(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the values given by place, checked."""
        if len(values) > len(self._by_place):
            raise WrongType(
                f"{self._name} takes {len(self._by_place)} values by place, not {len(values)}",
                hint=self._hint,
            )
        return tuple([check(value) for check, value in zip(self._by_place, values, strict=False)])

    def of_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values given by name, checked."""
        by_name = self._by_name
        if not options.keys() <= by_name.keys():
            unknown = ", ".join(sorted(options.keys() - by_name.keys()))
            raise WrongType(f"{self._name} has no option {unknown}", hint=self._hint)
        return {name: by_name[name](value) for name, value in options.items()}

    @property
    def _hint(self) -> str:
        return f"it takes {', '.join(self._by_name) or 'nothing'}"


def _parameters_of(method: Callable[..., Any]) -> Sequence[inspect.Parameter]:
    _, *parameters = inspect.signature(method).parameters.values()
    return parameters
