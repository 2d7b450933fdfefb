"""The settings of an installation: one line each with name, default and reason.

This is the one place that reads the environment; `KOULING_` and the name in capitals sets it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import msgspec

from kouling.errors import InvalidInput

prefix = "KOULING_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation can set; each default serves a first run."""

    issuer: str = "kouling"
    """The name under which this installation mints; partners register it with their own."""
    page_host: str = "kouling.example"
    """Host of the pages that share codes and QR pictures open."""
    code_days: int = 30
    """Days after which a share code expires unless its minting says otherwise."""
    attribution_window_days: int = 15
    """Days in which a redemption may have caused a sale."""
    trace_window_days: int = 15
    """Days in which an impression may have carried the code that is redeemed."""
    repeat_minutes: int = 60
    """Minutes in which the same buyer's redemption of the same code counts once."""
    model_folder: str = ""
    """Where the interest feed's models are kept; empty: beside a database file, else nowhere."""
    platform_bps: int = 1_000
    """The platform's part of a commission, in basis points of that commission."""
    picture_workers: int = 2
    """Processes that look into pictures, of up to 600 MB each; 0 looks into none."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment, or from a mapping in its place.

    Raises `InvalidInput` for a value of the wrong type, naming the variable.
    """
    source = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        name = prefix + field.name.upper()
        if name in source:
            values[field.name] = _read(name, source[name], field.type)
    return Settings(**values)


def _read(name: str, value: str, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        raise InvalidInput(
            f"{name}={value!r:.60} is not of type {kind.__name__}", hint=f"set or unset {name}"
        ) from None
