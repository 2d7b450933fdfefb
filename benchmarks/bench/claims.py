"""A claim is a folder with a `claim.py`; here such folders are found, told of and loaded.

`claim.py` opens with the claim, and has `add_options(parser)` and `measure(options) -> Report`.
It may have `is_kept(options)`, which says whether such a run may take the place of the last one.
`table.py` has `tables(report)`: the tables by name.
"""

import ast
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

Report = dict[str, Any]
"""The raw figures of a run, as they stand in `results.json`."""

Tables = dict[str, str]
"""Tables in Markdown, by name."""

home = Path(__file__).parent.parent


class Claim(NamedTuple):
    """A claim that can be run."""

    name: str
    text: str
    add_options: Callable[[ArgumentParser], None]
    measure: Callable[[Namespace], Report]
    is_kept: Callable[[Namespace], bool]


def names() -> tuple[str, ...]:
    """Return the names of all claims, sorted."""
    return tuple(sorted(file.parent.name for file in home.glob("*/claim.py")))


def sentence(name: str) -> str:
    """Return what a claim is about, in one line; its code is not run for that."""
    text = (home / name / "claim.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def load(name: str) -> Claim:
    """Return a claim that is ready to run."""
    module = import_module(f"benchmarks.{name}.claim")
    is_kept = getattr(module, "is_kept", _always)
    return Claim(name, module.__doc__ or "", module.add_options, module.measure, is_kept)


def tables_of(name: str, report: Mapping[str, Any]) -> Tables:
    """Return the tables that a claim makes of a report."""
    made: Tables = import_module(f"benchmarks.{name}.table").tables(report)
    return made


def results_file(name: str) -> Path:
    """Return where the raw figures of a claim's last run stand."""
    return home / name / "results.json"


def _always(_options: Namespace) -> bool:
    return True
