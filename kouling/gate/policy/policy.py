"""A policy: dated, immutable rules that say for every surface what becomes of an item.

A policy file is YAML. Each rule has an id, a title, a reason for the author, an outcome for
*every* surface, and one or both conditions: `signal` must hold for at least one signal (those it
holds for are cited), `when` must hold for the item as a whole. It may name surfaces on which a
reviewer has to look at the item, whatever the outcome, and from when until when it holds.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property, lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from kouling.clock import time_min
from kouling.document import Faults, Node, read_document, read_file, suggest
from kouling.errors import InvalidInput, PolicyError
from kouling.gate.policy.condition import (
    Condition,
    ConditionError,
    compile_condition,
    place_in,
)
from kouling.gate.policy.conditions import Conditions
from kouling.gate.policy.words import (
    Word,
    hint_for,
    is_ever_true,
    owner_of,
    words_in,
)
from kouling.gate.records import StatementOfReasons, Surface, Visibility
from kouling.language import Language, Texts, written

rules_max = 1_000
"""Rules in a policy."""

name_length_max = 64
"""Characters in the name, version or rule id of a policy."""

issuers_told_max = 1_000
"""Known issuers among which the nearest is looked for."""

bundled = ("open", "moments-2018", "group-strict", "forum", "marketplace", "interop-2021")
"""Policies that come with Kouling: everything passes; the norm in force from 29 May 2018; house
rules for groups, forums and marketplaces; the opening of 2021 in two steps."""

Outcome = dict[Surface, Visibility]

_no_text = written("?")
"""What stands in the place of a text that can't be read, in a policy that is refused."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of a policy; a condition that is None asks for nothing more.

    `review` are the surfaces on which an item that it applies to waits for a reviewer. It holds
    from `since` on and before `until`, without them as long as its policy does.
    """

    id: str
    title: Texts
    reason: Texts
    outcome: Outcome
    signal: Condition | None = None
    when: Condition | None = None
    review: frozenset[Surface] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Whether the rule holds at a time at which its policy is in force."""
        has_begun = self.since is None or self.since <= at
        return has_begun and (self.until is None or at < self.until)


class Statements(NamedTuple):
    """What rules found: the reasons not to show an item, and those to have it reviewed."""

    reasons: tuple[StatementOfReasons, ...] = ()
    review: tuple[StatementOfReasons, ...] = ()


class Asked(NamedTuple):
    """An issuer that a condition asks for, and where: file, line and column."""

    issuer: str
    where: str


class Policy(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A written norm with its version and the moment from which it is in force.

    `on_error` is the outcome when a rule can't be evaluated. `issuers` are those that its
    conditions ask for. `sha256` is that of the source:
    two policies of one version must have the same.
    """

    name: str
    version: str
    title: Texts
    effective_at: datetime
    rules: tuple[Rule, ...]
    on_error: Outcome
    source: str
    issuers: tuple[Asked, ...] = ()

    @cached_property
    def rules_on(self) -> dict[Surface, tuple[Rule, ...]]:
        """For each surface the rules that can keep an item from being shown, or queue it."""
        return {
            surface: tuple(rule for rule in self.rules if self._counts(rule, surface))
            for surface in Surface
        }

    @cached_property
    def conditions_on(self) -> dict[Surface, Conditions]:
        """For each surface what those rules ask: `when` alone, and `signal` of each signal."""
        return {
            surface: Conditions(
                [rule.when for rule in rules if rule.signal is None and rule.when],
                [rule.signal for rule in rules if rule.signal],
            )
            for surface, rules in self.rules_on.items()
        }

    @cached_property
    def readers_on(self) -> dict[Surface, tuple[Condition, ...]]:
        """What may look into the text or at the ids of an item without signals."""
        return {
            surface: tuple(
                rule.when
                for rule in rules
                if rule.signal is None and rule.when and rule.when.reads_words
            )
            for surface, rules in self.rules_on.items()
        }

    @cached_property
    def unseen(self) -> dict[tuple[Surface, int, bool, bool], Statements]:
        """What `decide` found for items without signals, by all that rules can tell of them."""
        return {}

    @cached_property
    def needs(self) -> dict[Surface, Any]:
        """What `depth` found that the policy needs of pictures on a surface."""
        return {}

    @cached_property
    def steps(self) -> tuple[datetime, ...]:
        """The times at which rules of the policy begin or end, in order."""
        dates = {date for rule in self.rules for date in (rule.since, rule.until) if date}
        return tuple(sorted(dates))

    def as_of(self, at: datetime) -> Policy:
        """Return the policy with those of its rules that hold at a time; `open` before its date."""
        if at < self.effective_at:
            return open_policy()
        if not self.steps:
            return self
        step = bisect_right(self.steps, at)
        if step not in self._by_step:
            held = tuple(rule for rule in self.rules if rule.holds_at(at))
            self._by_step[step] = replace(self, rules=held)
        return self._by_step[step]

    @cached_property
    def _by_step(self) -> dict[int, Policy]:
        return {}

    def unknown_issuers(self, known: Iterable[str]) -> list[str]:
        """Say which issuers its conditions ask for that are not known, with the nearest that is."""
        known = sorted(known)
        return [
            f"{one.where}: issuer {one.issuer!r:.60} is in no pack and no partner's."
            f" Hint: {suggest(one.issuer, known[:issuers_told_max])}."
            for one in self.issuers
            if one.issuer not in known
        ]

    def _counts(self, rule: Rule, surface: Surface) -> bool:
        outcomes = {rule.outcome[surface], self.on_error[surface]}
        return outcomes != {Visibility.allow} or surface in rule.review

    @property
    def sha256(self) -> str:
        """Digest of the source text, in hexadecimal."""
        return hashlib.sha256(self.source.encode()).hexdigest()


def read_policy(text: str | Path, file: str = "policy") -> Policy:
    """Read and check a policy; raise `PolicyError` with file, line, column and hint.

    All that is wrong is told at once.

    `text` is the policy's YAML, which errors call `file`, or the path of a file that holds it.
    """
    if isinstance(text, Path):
        text, file = read_file(text), str(text)
    return _read(text, file, checks_words=True)


@lru_cache(maxsize=64)
def policy_of_source(source: str) -> Policy:
    """Return the policy of a source text that was checked before.

    A word that was known then may be known no more; the policy goes on to decide.
    """
    return _read(source, "policy", checks_words=False)


def _read(text: str, file: str, *, checks_words: bool) -> Policy:
    reading = _Reading(Faults(), [], checks_words)
    policy = reading.policy(read_document(text, file), text)
    reading.faults.check()
    return policy


def bundled_policy(name: str) -> Policy:
    """Return a policy that comes with Kouling; raise `InvalidInput` for an unknown name."""
    if name not in bundled:
        raise InvalidInput(f"no policy {name!r:.60} is bundled", hint=f"one of {bundled}")
    file = f"{name}.yaml"
    text = resources.files("kouling.gate.policy").joinpath("bundled", file).read_text("utf-8")
    return read_policy(text, file)


@lru_cache(maxsize=1)
def open_policy() -> Policy:
    """Return the bundled policy without rules, which is in force before any other."""
    return bundled_policy("open")


def _name(node: Node) -> str:
    name = node.text()
    if (
        len(name) > name_length_max
        or not name.replace("-", "").replace(".", "").replace("_", "").isalnum()
    ):
        raise node.error(
            f"{name!r:.80} can't be a name",
            f"use 1 to {name_length_max} letters, digits, '.', '-' and '_'",
        )
    return name


def _texts(node: Node) -> Texts:
    """Return a text as it is written, or in every language of a mapping by language."""
    if not node.is_mapping:
        return written(_not_blank(node))
    by_language = node.fields(required=(), optional=Language)
    if not by_language:
        raise node.error("no text in any language", f"write it as '{Language.en}: …'")
    return Texts(**{language: _not_blank(each) for language, each in by_language.items()})


def _not_blank(node: Node) -> str:
    if not node.text().strip():
        raise node.error("a text of blanks alone", "write what authors shall read")
    return node.text()


class _Reading(NamedTuple):
    """A policy file while it is read: what is wrong in it so far, and the issuers it asks for."""

    faults: Faults
    issuers: list[Asked]
    checks_words: bool

    def policy(self, root: Node, source: str) -> Policy:
        """Return the policy; where something is wrong, with something else in its place."""
        tried = self.faults.tried
        fields = root.fields_so_far(
            self.faults,
            required=("policy", "version", "title", "effective_at", "on_error", "rules"),
            optional=("source",),
        )
        name = tried(_name, fields.get("policy"), "")
        return Policy(
            name=name,
            version=f"{name}@{tried(_name, fields.get('version'), '')}",
            title=tried(_texts, fields.get("title"), _no_text),
            effective_at=tried(Node.time, fields.get("effective_at"), time_min),
            on_error=tried(_outcome, fields.get("on_error"), {}),
            rules=tried(self._rules, fields.get("rules"), ()),
            source=source,
            issuers=tuple(self.issuers),
        )

    def _rules(self, node: Node) -> tuple[Rule, ...]:
        nodes, seen = node.items(), set()
        if len(nodes) > rules_max:
            raise node.error(f"{len(nodes)} rules", f"a policy has at most {rules_max}")
        rules = []
        for one in nodes:
            rule = self.faults.tried(self._rule, one, None)
            if rule is None:
                continue
            if rule.id in seen:
                message = f"rule {rule.id!r} stands here twice"
                self.faults.add(one.error(message, "give each rule its own id"))
            seen.add(rule.id)
            rules.append(rule)
        return tuple(rules)

    def _rule(self, node: Node) -> Rule | None:
        tried = self.faults.tried
        fields = node.fields_so_far(
            self.faults,
            required=("id", "title", "reason", "outcome"),
            optional=("signal", "when", "review", "since", "until"),
        )
        if "signal" not in fields and "when" not in fields:
            self.faults.add(node.error("the rule has no condition", "add 'signal: …' or 'when: …'"))
        since, until = (tried(Node.time, fields.get(one), None) for one in ("since", "until"))
        if since and until and since >= until:
            message = "the rule ends before it begins"
            self.faults.add(fields["until"].error(message, "give a later time"))
        id = tried(_name, fields.get("id"), "")
        rule = Rule(
            id=id,
            title=tried(_texts, fields.get("title"), _no_text),
            reason=tried(_texts, fields.get("reason"), _no_text),
            outcome=tried(_outcome, fields.get("outcome"), {}),
            signal=tried(partial(self._condition, each_signal=True), fields.get("signal"), None),
            when=tried(partial(self._condition, each_signal=False), fields.get("when"), None),
            review=tried(_surfaces, fields.get("review"), frozenset()),
            since=since,
            until=until,
        )
        return rule if id else None

    def _condition(self, node: Node, *, each_signal: bool) -> Condition | None:
        try:
            condition = compile_condition(node.text(), each_signal=each_signal)
        except ConditionError as error:
            for one in (error, *error.others):
                message = f"the condition does not compile: {one}"
                where = node.where_in_text(one.line, one.column)
                self.faults.add(PolicyError(message, hint=one.hint, where=where))
            return None
        for word in words_in(condition.tree) if self.checks_words else ():
            self._check(word, node)
        return condition

    def _check(self, word: Word, node: Node) -> None:
        where = node.where_in_text(*place_in(node.text(), word.place))
        if word.field == "issuer":
            if word.is_whole and word.word:
                self.issuers.append(Asked(word.word, where))
        elif not is_ever_true(word):
            message = f"no {owner_of(word.field)} has the {word.field} {word.word!r:.60}"
            hint = hint_for(word.word, word.field)
            self.faults.add(PolicyError(message, hint=hint, where=where))


def _surfaces(node: Node | None) -> frozenset[Surface]:
    nodes = node.items() if node else []
    named = [Surface(one.choice(Surface)) for one in nodes]
    for place, surface in enumerate(named):
        if surface in named[:place]:
            raise nodes[place].error(f"{surface} stands here twice", "remove one of the two")
    return frozenset(named)


def _outcome(node: Node) -> Outcome:
    fields = node.pairs()
    for name, value in fields.items():
        if name not in list(Surface):
            raise value.error(f"surface {name!r:.60} is unknown", hint_for(name, "surface"))
    missing = [surface for surface in Surface if surface not in fields]
    if missing:
        raise node.error(
            f"no outcome for surface {', '.join(missing)}",
            f"add '{missing[0]}: allow', or limit, or drop",
        )
    return {Surface(name): Visibility(value.choice(Visibility)) for name, value in fields.items()}
