"""How far a policy needs pictures on a surface to be looked into.

Reading print costs most, so it is done only where a rule that can keep an item from being shown
may ask about it. A rule is taken at its word: the kinds of signals that it names. One that names
none is taken to ask about all.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache

from kouling.gate.policy.policy import Policy, Rule
from kouling.gate.records import Surface, Visibility


class Depth(enum.IntEnum):
    """How far a picture is looked into; each depth includes the ones before."""

    nothing = 0
    looks = 1
    barcodes = 2
    lines = 3


_kinds = re.compile(r"""\bkind\s*==\s*["'](\w+)["']""")
_list_of_kinds = re.compile(r"""\bkind\s+in\s*\[([^\]]*)\]""")
_word = re.compile(r"\w+")
_text_only = re.compile(r"\bpicture\s*==\s*0\b")
_shallow = {
    "not_inspected": Depth.looks,
    "near_duplicate": Depth.looks,
    "banned_subject": Depth.barcodes,
    "text_duplicate": Depth.nothing,
    "split_code": Depth.nothing,
}


@lru_cache(maxsize=256)
def _depth_of(sources: tuple[str, ...]) -> Depth:
    return max(map(_asked, sources), default=Depth.nothing)


def depth_needed(policy: Policy, surface: Surface) -> Depth:
    """Return how far pictures on a surface have to be looked into under a policy."""
    rules = policy.rules_on[surface]
    return _depth_of(tuple(source for rule in rules for source in _sources(rule)))


def strictest(policy: Policy, surface: Surface) -> Visibility:
    """Return the strictest outcome that a rule of a policy has on a surface."""
    outcomes = {rule.outcome[surface] for rule in policy.rules_on[surface]}
    order = (Visibility.drop, Visibility.limit)
    return next((one for one in order if one in outcomes), Visibility.allow)


def _sources(rule: Rule) -> list[str]:
    return [condition.source for condition in (rule.signal, rule.when) if condition]


def _asked(source: str) -> Depth:
    if "signal" not in source or _text_only.search(source):
        return Depth.nothing
    kinds = set(_kinds.findall(source))
    for listed in _list_of_kinds.findall(source):
        kinds |= set(_word.findall(listed))
    if not kinds or "!=" in source or "!" in source.replace("!=", ""):
        return Depth.lines
    return max(_shallow.get(kind, Depth.lines) for kind in kinds)
