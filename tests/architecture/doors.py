"""Front doors, the names they show, and the one judge (DESIGN section 2, points 2 and 3)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.imports import BENCHES, INSTRUMENTS, MIGRATIONS, ROOMS
from tests.architecture.source import Findings, Module, Package, area, last_part

door_names_max = 50

DECIDE = "gate.decide"
JUDGE = "gate.judge"
"""The one module that may ask `gate.decide`."""


def door_sizes(package: Package) -> Findings:
    """A front door shows at most 50 names."""
    for module in _front_doors(package):
        count = len(_shown(module))
        message = f"{count} names, at most {door_names_max}; show what others need"
        yield module.at(1, message) if count > door_names_max else None


def door_names(package: Package) -> Findings:
    """No name of a front door hides a module beside it."""
    for module in _front_doors(package):
        for name, line in _shown(module).items():
            wrong = f"{module.name}.{name}" in package.modules
            message = f"{name} hides the module of that name; rename one of the two"
            yield module.at(line, message) if wrong else None


def door_uses(package: Package) -> Findings:
    """Every name that a front door shows is used outside of its folder."""
    used = set(package.used_beside)
    for module in package:
        for reference in module.references:
            if area(reference.module) != module.area:
                used.add(reference.dotted)
    for module in _front_doors(package):
        for name, line in _shown(module).items():
            dotted = f"{module.name}.{name}"
            wrong = not any(one == dotted or one.startswith(f"{dotted}.") for one in used)
            message = f"nobody outside uses {name}; take it out of the front door"
            yield module.at(line, message) if wrong else None


def class_names(package: Package) -> Findings:
    """One public class, one name."""
    seen: dict[str, Module] = {}
    for module in package:
        if module.area != MIGRATIONS:
            for node in module.classes:
                if not node.name.startswith("_"):
                    first = seen.setdefault(node.name, module)
                    message = f"{node.name} is a class of {first.name}, too; name what it is here"
                    yield module.at(node.lineno, message) if first is not module else None


def one_judge(package: Package) -> Findings:
    """`decide` is asked by the judge alone, so that every way in decides alike."""
    decide, judge = f"{package.name}.{DECIDE}", f"{package.name}.{JUDGE}"
    for module in package:
        for reference, target in package.within(module):
            if target == decide and module.name != decide:
                wrong = module.name != judge and reference.names[-1:] == ("decide",)
                message = "decide is asked past the judge; call gate/judge.py"
                yield module.at(reference.line, message) if wrong else None


def _front_doors(package: Package) -> Iterator[Module]:
    for name in (*ROOMS, *INSTRUMENTS, *BENCHES):
        module = package.modules.get(f"{package.name}.{name}")
        if module is not None and module.is_package:
            yield module


def _shown(module: Module) -> dict[str, int]:
    """Return the names in `__all__` with their lines."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and "__all__" in map(last_part, node.targets):
            listed = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else []
            return {str(one.value): one.lineno for one in listed if isinstance(one, ast.Constant)}
    return {}
