"""Modules come in; the longest chain of imports among them goes out.

An import inside a function counts, one for type checkers alone does not.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from benchmarks.house.shape import Module

Graph = Mapping[str, frozenset[str]]


def graph_of(modules: Sequence[Module]) -> Graph:
    """Return which modules of the package each one imports."""
    known = {module.name for module in modules}
    return {module.name: frozenset(_imported(module, known)) - {module.name} for module in modules}


def longest_chain(graph: Graph) -> list[str]:
    """Return the longest chain, each module importing the next; nothing if there is a circle."""
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        return []
    chains: dict[str, list[str]] = {}
    for name in order:
        beyond = max((chains[one] for one in sorted(graph[name])), key=len, default=[])
        chains[name] = [name, *beyond]
    return max(chains.values(), key=len)


def _imported(module: Module, known: set[str]) -> Iterator[str]:
    for node in _nodes(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes but those under `if TYPE_CHECKING`."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield from _nodes(child)
