"""A package's folder comes in; sizes of its modules, functions, rooms and front doors go out.

Read from the syntax trees alone: nothing is imported, so any checkout can be looked at.
"""

import ast
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef

package = "kouling"


class Module(NamedTuple):
    """A module's dotted name, its syntax tree and its lines; `is_door` for an `__init__`."""

    name: str
    tree: ast.Module
    lines: int
    is_door: bool


def modules_of(folder: Path) -> list[Module]:
    """Return all modules of a package, sorted by name."""
    found = []
    for file in sorted(folder.rglob("*.py")):
        text = file.read_text("utf-8")
        *parents, last = file.relative_to(folder.parent).with_suffix("").parts
        is_door = last == "__init__"
        name = ".".join(parents if is_door else (*parents, last))
        found.append(Module(name, ast.parse(text), len(text.splitlines()), is_door))
    return found


def spread_of(lengths: Sequence[int]) -> dict[str, int]:
    """Return how many there are, their median, the 95th percentile and the longest."""
    ordered = sorted(lengths)
    return {
        "count": len(ordered),
        "median": round(statistics.median(ordered)),
        "p95": ordered[len(ordered) * 95 // 100],
        "max": ordered[-1],
    }


def function_lengths(modules: Sequence[Module]) -> list[int]:
    """Return the lines of each function, its docstring among them and its decorators not."""
    nodes = (node for module in modules for node in ast.walk(module.tree))
    functions = (node for node in nodes if isinstance(node, Function))
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]


def lines_by_room(modules: Sequence[Module]) -> dict[str, int]:
    """Return the lines below each room or other part, the most first; single files are leaves."""
    totals: dict[str, int] = {}
    folders = {module.name.split(".")[1] for module in modules if module.name.count(".") > 1}
    for module in modules:
        parts = module.name.split(".")
        room = parts[1] if len(parts) > 1 and parts[1] in folders else "leaves"
        totals[room] = totals.get(room, 0) + module.lines
    return dict(sorted(totals.items(), key=lambda total: -total[1]))


def front_doors(modules: Sequence[Module]) -> dict[str, int]:
    """Return how many names each front door has in its `__all__`, the most first."""
    found = {
        module.name: len(names)
        for module in modules
        if module.is_door and module.name.count(".") < 2 and (names := _exported(module.tree))
    }
    return dict(sorted(found.items(), key=lambda door: -door[1]))


def _exported(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []
