"""Sizes and docstrings (STYLE 2, 3, 9)."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from tests.architecture.imports import ENGINE, MIGRATIONS
from tests.architecture.source import Findings, Function, Module, Package, last_part

module_lines_max = 500
door_lines_max = 250
function_lines_max = 70
verb_lines_max = 15
parameters_max = 5
command_parameters_max = 8
"""Of a verb or a command: what a person types once, by name."""


def modules(package: Package) -> Findings:
    """A module is one idea."""
    for module in package:
        limit = door_lines_max if module.area == ENGINE else module_lines_max
        size = len(module.text.splitlines())
        message = f"{size} lines, at most {limit}; split it by idea"
        yield module.at(1, message) if size > limit else None


def functions(package: Package) -> Findings:
    """A function fits a screen."""
    for module in package:
        for node in module.functions:
            size = _last_line(node) - node.lineno + 1
            message = f"{node.name} has {size} lines, at most {function_lines_max}; split it"
            yield module.at(node.lineno, message) if size > function_lines_max else None


def verbs(package: Package) -> Findings:
    """A verb of the engine only names the order; docstring and comments don't count."""
    for module in package:
        for node in _verbs(module):
            size = _code_lines(module, node)
            message = (
                f"verb {node.name} has {size} lines, at most {verb_lines_max}; let rooms do it"
            )
            yield module.at(node.lineno, message) if size > verb_lines_max else None


def parameters(package: Package) -> Findings:
    """A function takes few parameters; `self` and `cls` don't count."""
    for module in package:
        spoken = set(_verbs(module))
        for node in module.functions:
            wide = node in spoken or any(last_part(d) == "command" for d in node.decorator_list)
            limit = command_parameters_max if wide else parameters_max
            count = _parameter_count(node)
            message = f"{node.name} takes {count} parameters, at most {limit}; give it a record"
            yield module.at(node.lineno, message) if count > limit else None


def docstrings(package: Package) -> Findings:
    """Public names have docstrings whose first sentence stands alone."""
    for module in package:
        if module.area != MIGRATIONS:  # Alembic's own shape.
            for name, node in _public(module):
                wrong = _docstring_fault(ast.get_docstring(node, clean=False))
                line = getattr(node, "lineno", 1)
                yield module.at(line, f"{name} {wrong}") if wrong else None


def _verbs(module: Module) -> Iterator[Function]:
    """Yield the methods of the engine that are marked as verbs."""
    if module.area == ENGINE:
        for node in module.functions:
            if any(last_part(mark) == "verb" for mark in node.decorator_list):
                yield node


def _code_lines(module: Module, node: Function) -> int:
    lines = module.text.splitlines()[node.lineno - 1 : _last_line(node)]
    code = sum(1 for line in lines if line.strip() and not line.lstrip().startswith("#"))
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None:
        return code
    text = lines[first.lineno - node.lineno : _last_line(first) - node.lineno + 1]
    return code - sum(1 for line in text if line.strip())


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _parameter_count(node: Function) -> int:
    positional = [*node.args.posonlyargs, *node.args.args]
    if positional and positional[0].arg in ("self", "cls"):
        positional = positional[1:]
    return len(positional) + len(node.args.kwonlyargs)


def _public(module: Module) -> Iterator[tuple[str, ast.Module | ast.ClassDef | Function]]:
    if module.name.split(".")[-1].startswith("_") and not module.name.endswith("__"):
        return
    yield "the module", module.tree
    yield from _members(module.tree)


def _members(owner: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.ClassDef | Function]]:
    for node in owner.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            marks = {last_part(decorator) for decorator in node.decorator_list}
            if not marks & {"overload", "setter", "deleter"}:
                yield node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _members(node)


def _docstring_fault(text: str | None) -> str:
    if not text or not text.strip():
        return "has no docstring; say in one sentence what it is for"
    first, *rest = inspect.cleandoc(text).splitlines()
    if not first.endswith((".", ":", "?")):
        return f"has a docstring whose first line is no sentence: {first!r}; end it there"
    if rest and rest[0].strip():
        return f"has a docstring whose first line runs on: {first!r}; leave a line free below it"
    return ""
