"""Small packages with one fault each, and their clean twins."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

Files = dict[str, str]

MARK = "#!"
"""Stands on the faulty line."""


class Plant(NamedTuple):
    """`bad` breaks `rule` alone, on the marked line; `good` breaks none."""

    rule: str
    claim: str
    bad: Files
    good: Files


def plants(rule: str, path: str, *cases: tuple[str, str, str]) -> list[Plant]:
    """Make plants of one file each out of (claim, bad text, good text)."""
    return [Plant(rule, claim, {path: bad}, {path: good}) for claim, bad, good in cases]


def beside(files: Files, planted: list[Plant]) -> list[Plant]:
    """Put the same other files beside both twins."""
    return [
        plant._replace(bad={**files, **plant.bad}, good={**files, **plant.good})
        for plant in planted
    ]


def write(folder: Path, files: Files) -> Path:
    """Write a package `kouling` and return its folder; front doors and docstrings are added.

    A file that begins with a comment or a docstring is written as it is.
    """
    root = folder / "kouling"
    doors = {str(parent / "__init__.py") for name in files for parent in Path(name).parents}
    for name, text in {**dict.fromkeys(doors, ""), **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = text if text.startswith(("#", '"""')) else f'"""A file."""\n{text}'
        path.write_text(whole + "\n", encoding="utf-8")
    return root


def marked(root: Path, files: Files) -> str | None:
    """Return the place of the mark as `path:line`, if there is one."""
    for name in files:
        for number, line in enumerate((root / name).read_text("utf-8").splitlines(), 1):
            if MARK in line:
                return f"{root.name}/{name}:{number}:"
    return None
