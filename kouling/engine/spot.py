"""Where a verb's value is given, so that a refusal can name the place."""

from __future__ import annotations

from types import NoneType
from typing import Any, NamedTuple, NoReturn

from kouling.errors import WrongType


class Spot(NamedTuple):
    """Where a value is given: a parameter, or a field `name` of the record at `where`."""

    name: str
    where: str = ""

    def field(self, name: str) -> Spot:
        """Return the spot of a field of the record that is given here."""
        return Spot(name, f"{self.where}.{self.name}".lstrip("."))

    def refuse(self, value: Any, wanted: str) -> NoReturn:
        """Raise `WrongType` for a value that is not what is wanted here."""
        shown = isinstance(value, str | float | bool | NoneType)
        found = f"{value!r:.60}" if shown else f"of type {type(value).__name__}"
        raise WrongType(
            f"{self.name} is {found}, not {wanted}", hint=f"give {wanted}", where=self.where
        )
