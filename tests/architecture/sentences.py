"""Sentences for people: made at the edge, never read and never built below it (DESIGN 2, 6)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.imports import BENCHES, FRONT_DOOR, MIGRATIONS, SHELLS
from tests.architecture.source import Findings, Function, Module, Package, last_part

TOLD = frozenset({"evidence", "memo", "reason", "reasons", "about", "beside"})
"""Fields that are told to people: code decides by the kind that stands beside them."""

RECORDS = frozenset(
    {"Evidence", "Gap", "Memo", "StatementOfReasons", "Refusal", "PlaceReason", "Disclosure"}
)
"""What is told: these hold data, and `kouling.words` makes the sentences."""

LOOKING = frozenset(
    [
        "startswith",
        "endswith",
        "removeprefix",
        "removesuffix",
        "replace",
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "find",
        "index",
        "count",
        "lower",
        "upper",
        "casefold",
        "strip",
        "lstrip",
        "rstrip",
    ]
)
"""Methods of `str` by which a sentence is taken apart."""

MATCHING = frozenset({"match", "fullmatch", "search", "sub", "findall", "finditer", "split"})
"""Functions and methods of `re` that do the same."""

SENTENCE = re.compile(r"\w\W*\s\W*\w|[\u3400-\u9fff]{2}")
"""Two words with a blank between them, or two Han characters."""

ABOVE = frozenset({*SHELLS, *BENCHES, FRONT_DOOR, MIGRATIONS})


def sentences_read(package: Package) -> Findings:
    """What code decides by is a field: nobody takes evidence, memos and reasons apart as text."""
    for module in _below(package):
        told = _bound_to_told(module)
        for node in module.nodes:
            for text in _taken_apart(node):
                name = _told_in(text, told)
                message = f"{name} is read as text; decide by a field, such as its kind"
                yield module.at(text.lineno, message) if name else None


def sentences_built(package: Package) -> Findings:
    """Rooms keep data: what is told to people gets its words in `kouling.words`."""
    for module in _below(package):
        for scope in (module.tree, *module.functions):
            written = _assigned(scope)
            for call in _calls(scope):
                for value in (*call.args, *(keyword.value for keyword in call.keywords)):
                    wrong = _is_sentence(value, written)
                    message = f"{last_part(call)} gets a sentence; give it a kind and its data"
                    yield module.at(value.lineno, message) if wrong else None


def _below(package: Package) -> Iterator[Module]:
    return (module for module in package if module.area not in ABOVE)


def _taken_apart(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the texts that an expression looks into: by a method, a regex, or a word in them."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in LOOKING:
            yield node.func.value
        if node.func.attr in MATCHING:
            yield from node.args
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if any(_is_text(side) for side in sides):
            yield from (side for side in sides if not _is_text(side))


def _told_in(text: ast.expr, bound: frozenset[str]) -> str:
    """Name the told field that a text is: the field itself, an element of it, or its text."""
    if isinstance(text, ast.Attribute):
        return text.attr if text.attr in TOLD else ""  # any other field is data
    if isinstance(text, ast.Subscript):
        return _told_in(text.value, bound)
    if isinstance(text, ast.Call):
        inner = _text_of(text)
        return _told_in(inner, bound) if inner is not None else ""
    return text.id if isinstance(text, ast.Name) and text.id in bound else ""


def _text_of(call: ast.Call) -> ast.expr | None:
    """Return the text that a call gives on: that of `str(text)` or of `text.strip()`."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in LOOKING:
        return call.func.value
    return call.args[0] if last_part(call.func) == "str" and call.args else None


def _bound_to_told(module: Module) -> frozenset[str]:
    """Return the names that a loop or an assignment binds to a told field, or a part of it."""
    found = set()
    for node in module.nodes:
        pairs: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.comprehension | ast.For):
            pairs = [(node.target, node.iter)]
        elif isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        for target, value in pairs:
            if isinstance(target, ast.Name) and _told_in(value, frozenset()):
                found.add(target.id)
    return frozenset(found)


def _calls(scope: ast.Module | Function) -> Iterator[ast.Call]:
    for node in _own(scope):
        if isinstance(node, ast.Call) and last_part(node.func) in RECORDS:
            yield node


def _assigned(scope: ast.Module | Function) -> frozenset[str]:
    """Return the names of a scope that a sentence was given to."""
    return frozenset(
        target.id
        for node in _own(scope)
        if isinstance(node, ast.Assign) and _is_sentence(node.value, frozenset())
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def _own(scope: ast.Module | Function) -> Iterator[ast.AST]:
    """Yield the nodes of a scope without those of the functions in it."""
    waiting = [*ast.iter_child_nodes(scope)]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function):
            waiting += ast.iter_child_nodes(node)


def _is_sentence(value: ast.expr, written: frozenset[str]) -> bool:
    """Say whether an expression is a sentence, or one with something filled in."""
    if isinstance(value, ast.Name):
        return value.id in written
    if isinstance(value, ast.JoinedStr):
        parts = [part.value for part in value.values if isinstance(part, ast.Constant)]
        return any(re.search(r"[^\W\d_]", str(part)) for part in parts)
    if isinstance(value, ast.IfExp):
        return _is_sentence(value.body, written) or _is_sentence(value.orelse, written)
    if isinstance(value, ast.Tuple | ast.List):
        return any(_is_sentence(each, written) for each in value.elts)
    return _is_text(value) and SENTENCE.search(str(ast.literal_eval(value))) is not None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
