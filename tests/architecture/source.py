"""A package on disk → its modules, and every name that each of them takes from elsewhere.

Files are parsed, never imported. A reference counts wherever it stands: at the top, inside a
function, under `TYPE_CHECKING`, relative, renamed, by `import_module("…")`, or as an attribute
of an imported name. Nothing is skipped: a file that can't be parsed is an error.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef

Findings = Iterator[str | None]
"""One for every construct a rule looked at: None where it is fine, else what is wrong."""


BESIDE = ("tests", "benchmarks", "fuzz", "tools")
"""Folders beside the package whose programs use it."""


class Reference(NamedTuple):
    """A name from elsewhere: `module` is certainly a module, `names` may go on to others.

    An empty `module` stands for a computed import, which no guard can follow.
    """

    line: int
    module: str
    names: tuple[str, ...] = ()

    @property
    def dotted(self) -> str:
        """The whole name, such as `datetime.datetime.now`."""
        return ".".join((self.module, *self.names))


@dataclass(frozen=True)
class Module:
    """One parsed file; `path` starts with the package's own folder."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def area(self) -> str:
        """The room, leaf or shell it belongs to; empty for the package's own front door."""
        return area(self.name)

    @property
    def is_package(self) -> bool:
        """Whether it is the front door of a folder."""
        return self.path.name == "__init__.py"

    def at(self, line: int, message: str) -> str:
        """Write a violation: where it is, what is wrong, what to do."""
        return f"{self.path}:{line}: {message}"

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the syntax tree."""
        return list(ast.walk(self.tree))

    @cached_property
    def functions(self) -> list[Function]:
        """Every function and method, nested ones too."""
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        """Every class, nested ones too."""
        return [node for node in self.nodes if isinstance(node, ast.ClassDef)]

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        """Every comment with its line."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return [
            (token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT
        ]

    @cached_property
    def bare_strings(self) -> list[ast.Constant]:
        """Every docstring: a string that stands as a statement."""
        return [
            node.value
            for node in self.nodes
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ]

    @cached_property
    def bound(self) -> dict[str, Reference]:
        """Local name → what an import bound it to."""
        return {name: origin for name, origin, _ in self._imports()}

    @cached_property
    def references(self) -> list[Reference]:
        """Everything it imports, and every attribute it takes from what it imported."""
        imported = [target for _, _, target in self._imports()]
        return list(dict.fromkeys([*imported, *self._called_imports(), *self._attributes()]))

    def resolve(self, node: ast.AST) -> Reference | None:
        """Say where a name or a chain of attributes comes from, if it was imported."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.bound:
            return None
        origin = self.bound[node.id]
        return Reference(node.lineno, origin.module, (*origin.names, *reversed(parts)))

    def _imports(self) -> Iterator[tuple[str, Reference, Reference]]:
        """Yield for each imported name: what it is here, what that stands for, what is loaded."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    target = Reference(node.lineno, alias.name)
                    top = alias.name.split(".")[0]
                    if alias.asname:
                        yield alias.asname, target, target
                    else:
                        yield top, Reference(node.lineno, top), target
            elif isinstance(node, ast.ImportFrom):
                source = self._absolute(node.level, node.module or "")
                for alias in node.names:
                    target = Reference(node.lineno, source, (alias.name,))
                    yield alias.asname or alias.name, target, target

    def _attributes(self) -> Iterator[Reference]:
        chains = [node for node in self.nodes if isinstance(node, ast.Attribute)]
        inner = {id(chain.value) for chain in chains}
        for chain in chains:
            if id(chain) not in inner and (origin := self.resolve(chain)):
                yield origin

    def _called_imports(self) -> Iterator[Reference]:
        for node in self.nodes:
            if isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    name = first.value.lstrip(".")
                    level = len(first.value) - len(name)
                    yield Reference(node.lineno, self._absolute(level, name))
                else:
                    yield Reference(node.lineno, "")

    def _absolute(self, level: int, name: str) -> str:
        if not level:
            return name
        parts = self.name.split(".")
        kept = parts[: len(parts) - level + self.is_package]
        return ".".join([*kept, name] if name else kept)


@dataclass(frozen=True)
class Package:
    """All modules of one package, by dotted name."""

    name: str
    modules: dict[str, Module]
    used_beside: frozenset[str] = frozenset()
    """Dotted names of this package that tests, benchmarks, tools and pages take."""

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    def within(self, module: Module) -> Iterator[tuple[Reference, str]]:
        """Yield the references to modules of this package, each with the module reached."""
        for reference in module.references:
            if reference.module.split(".")[0] == self.name:
                yield reference, self.reached(reference)

    def reached(self, reference: Reference) -> str:
        """Name the module that a reference ends in.

        `kouling.gate.decide` may be a module or the function that the room's front door took
        from it: the front door decides.
        """
        found = reference.module
        for part in reference.names:
            longer = f"{found}.{part}"
            if longer not in self.modules or part in self._defined(found):
                break
            found = longer
        return found

    def _defined(self, name: str) -> set[str]:
        module = self.modules.get(name)
        if module is None:
            return set()
        own = {node.name for node in module.tree.body if isinstance(node, Function | ast.ClassDef)}
        taken = {
            local
            for local, origin in module.bound.items()
            if origin.names and origin.dotted not in self.modules
        }
        return own | taken


Rule = Callable[[Package], Findings]


def read_package(root: Path) -> Package:
    """Parse every Python file under `root`; the folder's name is the package's."""
    modules = (_read_module(path, root.parent) for path in sorted(root.rglob("*.py")))
    used = frozenset(_used_beside(root))
    return Package(root.name, {module.name: module for module in modules}, used)


def _used_beside(root: Path) -> Iterator[str]:
    for folder in BESIDE:
        for path in sorted((root.parent / folder).rglob("*.py")):
            yield from (one.dotted for one in _read_module(path, root.parent).references)
    for path in sorted((root.parent / "docs").rglob("*.md")):
        taken = re.finditer(rf"from ({root.name}\.\w+) import (.+)", path.read_text("utf-8"))
        for found in taken:
            yield from (f"{found[1]}.{name.strip()}" for name in found[2].split(","))


def area(name: str) -> str:
    """Return the second part of a dotted name: `mint` of `kouling.mint.codec`."""
    return name.partition(".")[2].partition(".")[0]


def called(call: ast.Call) -> str:
    """Return the last part of the called name: `open` of `path.open()`."""
    return last_part(call.func)


def last_part(node: ast.AST) -> str:
    """Return the last part of a dotted expression, seen through a call."""
    if isinstance(node, ast.Call):
        return last_part(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def under(dotted: str, prefixes: tuple[str, ...] | frozenset[str]) -> bool:
    """Say whether a dotted name is one of the prefixes or lies below it."""
    return any(prefix in prefixes for prefix in accumulate(dotted.split("."), "{}.{}".format))


def _read_module(path: Path, parent: Path) -> Module:
    relative = path.relative_to(parent)
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Module(name, relative, text, ast.parse(text, filename=str(path)))
