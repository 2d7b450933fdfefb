"""Paths and addresses that an engine is opened with: text, or a `Path`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kouling.engine.spot import Spot


def path_of(value: Any, name: str) -> str:
    """Return the path, or address, that is given as text or as a `Path`."""
    if not isinstance(value, str | Path):
        Spot(name).refuse(value, "text or a Path")
    return str(value)


def paths_of(values: Any, name: str) -> tuple[str, ...]:
    """Return several of them."""
    if isinstance(values, str | Path | bytes) or not isinstance(values, Iterable):
        Spot(name).refuse(values, "a list of paths")
    return tuple(path_of(value, f"{name}[{place}]") for place, value in enumerate(values))
