"""A command with many options takes records of them: each field is an option of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature
from typing import Any, get_type_hints

import msgspec


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes the fields of its records, for Typer to make options of.

    A field is declared as a parameter would be, `Annotated[str, typer.Option(…)]` and its default.
    """
    records = get_type_hints(command)
    records.pop("return", None)
    kinds: dict[str, Any] = {}
    parameters = []
    for record in records.values():
        kinds |= get_type_hints(record, include_extras=True)
        for field in msgspec.structs.fields(record):
            default = field.default
            if field.default_factory is not msgspec.NODEFAULT:
                default = field.default_factory()
            parameters.append(
                Parameter(
                    field.name,
                    Parameter.KEYWORD_ONLY,
                    default=Parameter.empty if default is msgspec.NODEFAULT else default,
                    annotation=kinds[field.name],
                )
            )

    @wraps(command)
    def spoken(**options: Any) -> None:
        command(
            **{
                name: record(**{field: options[field] for field in record.__struct_fields__})
                for name, record in records.items()
            }
        )

    spoken.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # what Typer reads
    spoken.__annotations__ = {one.name: kinds[one.name] for one in parameters}
    return spoken
