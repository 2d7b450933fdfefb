"""Names and leftovers (STYLE 5, 7, 14, "We avoid" and the words)."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from tests.architecture.imports import SHELLS
from tests.architecture.source import Findings, Module, Package, last_part, under

BANNED = frozenset(
    {"util", "helper", "common", "manager", "service", "base", "misc", "stuff"}
    | {"utils", "helpers", "managers", "services", "bases", "models"}
)
"""Names that say nothing, so that anything ends up in them."""

WORD_INSTEAD = {
    "account": "User (Account is the ledger's, in settle)",
    "member": "User",
    "customer": "User",
    "post": "Item",
    "product": "Offer",
    "deal": "Offer",
    "coupon": "ShareCode",
    "bonus": "RedPacket",
    "envelope": "RedPacket",
    "classifier": "Detector",
    "hit": "Signal",
    "entity": "Subject",
    "guideline": "Policy",
    "verdict": "Decision",
    "penalty": "Ban",
    "punishment": "Ban",
    "notice": "StatementOfReasons",
    "ticket": "Appeal",
    "dispute": "Appeal",
    "replay": "backtest",
    "engagement": "Like",
    "interaction": "Like",
    "advertisement": "Placement",
    "click": "Redemption",
    "lookback": "attribution_window",
    "order": "Conversion",
    "purchase": "Conversion",
    "fee": "Commission",
    "reward": "Commission",
    "wallet": "Account",
    "transfer": "Entry",
    "rollback": "reversal",
    "withdrawal": "Payout",
    "nonce": "idempotency_key",
}
"""A word that is never used for the concept → ours (STYLE, words)."""

AT_HOME = {"account": "settle"}
"""A word of the list above → the one area whose word it is."""

LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
IGNORE = re.compile(r"#\s*(type:\s*ignore|noqa|ruff:|mypy:)", re.IGNORECASE)
REASONED = re.compile(
    r"#\s*(?:type:\s*ignore\[[\w, -]+\]|(?:ruff:\s*)?noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)"
    r"[\s#:;,.()-]+(?!noqa|type:)\w"
)


def banned_names(package: Package) -> Findings:
    """No junk drawers."""
    for module in package:
        own = module.name.split(".")[-1]
        words = own.strip("_").split("_")
        yield _judge(module, 1, own, not BANNED.isdisjoint(words))
        for function in module.functions:
            banned = function.name.strip("_").lower() in BANNED
            yield _judge(module, function.lineno, function.name, banned)
        for node in module.classes:
            parts = _camel_words(node.name)
            banned = parts[0] == "base" or parts[-1] in BANNED
            yield _judge(module, node.lineno, node.name, banned)


def words(package: Package) -> Findings:
    """One word per concept, in the names of public classes."""
    for module in package:
        for node in module.classes:
            if not node.name.startswith("_"):
                wrong = [word for word in _camel_words(node.name) if _is_foreign(word, module)]
                ours = ", ".join(WORD_INSTEAD[_singular(word)] for word in wrong)
                message = f"{node.name} uses another word for what we call {ours}"
                yield module.at(node.lineno, message) if wrong else None


SPOKEN_INSTEAD = {
    "hit": "signal, or match of a pattern",
    "verdict": "decision",
    "score": "rank's score alone; what a laboratory counts is a tally",
    "customer": "user",
    "engagement": "like",
    "wallet": "account",
    "purchase": "conversion",
    "shadowban": "limit",
}
"""A word that no function, parameter or option has → ours."""

RANKING = ("interest", "deliver")
"""Areas that rank, and so have scores."""


def spoken(package: Package) -> Findings:
    """One word per concept, in the names of functions, and so of verbs, commands and options."""
    for module in package:
        for node in module.functions:
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            for name in (node.name, *(one.arg for one in taken)):
                wrong = [word for word in name.strip("_").split("_") if _is_misspoken(word, module)]
                ours = ", ".join(SPOKEN_INSTEAD[word.removesuffix("s")] for word in wrong)
                message = f"{name} uses another word for what we call {ours}"
                yield module.at(node.lineno, message) if wrong else None


def _is_misspoken(word: str, module: Module) -> bool:
    ranks = module.area in RANKING
    return word.removesuffix("s") in SPOKEN_INSTEAD and not (ranks and word.startswith("score"))


def ignores(package: Package) -> Findings:
    """An ignore names its code and gives its reason."""
    for module in package:
        for line, comment in module.comments:
            bare = any(not REASONED.match(comment, at.start()) for at in IGNORE.finditer(comment))
            message = f"{comment!r} is bare; name the code in it and the reason after it"
            yield module.at(line, message) if bare else None


def leftovers(package: Package) -> Findings:
    """What is shipped is finished."""
    for module in package:
        for line, text in _prose(module):
            found = LEFTOVER.search(text)
            yield module.at(line, f"{found[0]} is left over; do it or file it") if found else None
        for node in module.nodes:
            if isinstance(node, ast.Name) and node.id == "NotImplementedError":
                yield module.at(node.lineno, "NotImplementedError is left over; write it")


def prints(package: Package) -> Findings:
    """Only shells speak to a terminal."""
    for module in package:
        if module.area not in SHELLS:
            for node in module.nodes:
                if isinstance(node, ast.Name):
                    message = "print outside a shell; return the value, a shell shows it"
                    yield module.at(node.lineno, message) if node.id == "print" else None


def records(package: Package) -> Findings:
    """Every class in a `records.py` is a frozen msgspec.Struct, an enum or an exception."""
    for module in package:
        if module.path.name == "records.py":
            for node in module.classes:
                wrong = not (_is_frozen_struct(module, node) or _is_enum_or_error(module, node))
                message = f"{node.name} is no frozen record; make it a frozen msgspec.Struct"
                yield module.at(node.lineno, message) if wrong else None


def _judge(module: Module, line: int, name: str, banned: bool) -> str | None:
    return module.at(line, f"{name} says nothing; name what it does") if banned else None


def _camel_words(name: str) -> list[str]:
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    return [word.lower() for word in found] or [name]


def _singular(word: str) -> str:
    return word if word in WORD_INSTEAD else word.removesuffix("s")


def _is_foreign(word: str, module: Module) -> bool:
    word = _singular(word)
    return word in WORD_INSTEAD and AT_HOME.get(word) != module.area


def _prose(module: Module) -> Iterator[tuple[int, str]]:
    yield from module.comments
    yield from ((node.lineno, str(node.value)) for node in module.bare_strings)


def _is_frozen_struct(module: Module, node: ast.ClassDef) -> bool:
    frozen = any(
        keyword.arg == "frozen"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is True
        for keyword in node.keywords
    )
    own = {other.name for other in module.classes}
    return frozen and any(
        last_part(base) in own or (_origin(module, base).startswith(("msgspec.Struct", "kouling.")))
        for base in node.bases
    )


def _is_enum_or_error(module: Module, node: ast.ClassDef) -> bool:
    for base in node.bases:
        origin = _origin(module, base)
        builtin = getattr(builtins, origin, None)
        if under(origin, ("enum", "kouling.errors")) or (
            isinstance(builtin, type) and issubclass(builtin, BaseException)
        ):
            return True
    return False


def _origin(module: Module, node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):  # A generic base.
        node = node.value
    found = module.resolve(node)
    return found.dotted if found else last_part(node)
