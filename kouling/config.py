"""The settings of an installation: one line each with name, default and reason.

This is the one place that reads the environment; `KOULING_` and the name in capitals sets it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from kouling.errors import InvalidInput

prefix = "KOULING_"

wait_seconds_max = 86_400
"""Seconds that a setting may let anything wait."""


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
    arrival_days: int = 30
    """Days for which the network of a visit is kept."""
    repeat_minutes: int = 60
    """Minutes in which the same buyer's redemption of the same code counts once."""
    keys_file: str = ""
    """A file outside of the database, without which its keys make no share codes; empty: none."""
    keys_file_readable: bool = False
    """Whether others may read that file, as where a container's secrets are mounted."""
    model_folder: str = ""
    """Where the interest feed's models are kept; empty: beside a database file, else nowhere."""
    platform_bps: int = 1_000
    """The platform's part of a commission, in basis points of that commission."""
    deadline_seconds: int = 30
    """Seconds in which a write must have its answer; then its caller is told that it has none."""
    connect_seconds: int = 10
    """Seconds to wait for a connection to PostgreSQL."""
    statement_seconds: int = 30
    """Seconds that one statement of PostgreSQL may take, or that its server may say nothing."""
    lock_seconds: int = 10
    """Seconds to wait for another program that writes to the database."""
    keepalive_seconds: int = 30
    """Seconds without a sign of life after which a connection to PostgreSQL is given up."""
    picture_workers: int = 2
    """Processes that look into pictures, of up to 600 MB each; 0 looks into none."""
    database: str = ""
    """The database that commands use unless they name one: a file, or postgresql://…."""
    pack: str = ""
    """Detector packs beside or in place of the bundled one: files, joined as in PATH."""

    @property
    def packs(self) -> tuple[str, ...]:
        """The detector packs, a path each."""
        return tuple(filter(None, self.pack.split(os.pathsep)))

    def __post_init__(self) -> None:
        """Raise `InvalidInput` for a wait that is none or without end."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if name.endswith("_seconds") and not 1 <= value <= wait_seconds_max:
                hint = f"give 1 to {wait_seconds_max:,} seconds"
                raise InvalidInput(f"{prefix}{name.upper()}={value!r:.60} is no wait", hint=hint)


def cache_folder() -> Path | None:
    """Return where what can be made again is kept: the user's own cache, if there is one.

    `XDG_CACHE_HOME` says where that is, as it does for other programs.
    """
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(home, "kouling") if os.path.isabs(home) else None


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment, or from a mapping in its place.

    Raises `InvalidInput` for a value of the wrong type and for a name that is no setting's.
    """
    source = os.environ if environment is None else environment
    _check_names(source)
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        name = prefix + field.name.upper()
        if name in source:
            values[field.name] = _read(name, source[name], field.type)
    return Settings(**values)


def _check_names(source: Mapping[str, str]) -> None:
    known = [prefix + field.name.upper() for field in msgspec.structs.fields(Settings)]
    for name in source:
        if name.startswith(prefix) and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0)
            raise InvalidInput(f"{name} is no setting", hint=f"did you mean {near[0]}")


def _read(name: str, value: str, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        raise InvalidInput(
            f"{name}={value!r:.60} is not of type {kind.__name__}", hint=f"set or unset {name}"
        ) from None
