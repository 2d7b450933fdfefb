"""Signals and a policy become a decision: pure, the same in a request and in a backtest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import compress
from typing import NamedTuple

from kouling.gate.policy.condition import Author, Facts
from kouling.gate.policy.conditions import Answers
from kouling.gate.policy.policy import Policy, Rule, Statements
from kouling.gate.records import (
    Decision,
    Item,
    Signal,
    StatementOfReasons,
    Subject,
    SubjectKind,
    Surface,
    Visibility,
)
from kouling.ids import UserId

_strictness = {Visibility.allow: 0, Visibility.limit: 1, Visibility.drop: 2}

cited_max = 8
"""Signals that one reason cites; it stands on the first ones, whatever else there is."""

cited_length_max = 80
"""Characters of the item's text that a reason quotes."""


def decide(
    item: Item, signals: Sequence[Signal], author: Author, policy: Policy, at: datetime
) -> Decision:
    """Return the decision: the strictest outcome, on the item's surface, of the rules that apply.

    A rule that allows on that surface leaves no reason; one that can't be evaluated has the
    outcome that the policy states under `on_error`. One that asks for a reviewer on that surface
    does so whatever its outcome, and also when it can't be evaluated.
    """
    reasons, review = (
        _found(item, signals, author, policy) if signals else _unseen(item, author, policy)
    )
    if not reasons:
        return Decision(
            item=item.id,
            visibility=Visibility.allow,
            policy_version=policy.version,
            decided_at=at,
            signals=tuple(signals),
            review=review,
        )
    return Decision(
        item=item.id,
        visibility=max((r.outcome for r in reasons), key=_strictness.__getitem__),
        policy_version=policy.version,
        decided_at=at,
        signals=tuple(signals),
        rules=tuple(reason.rule for reason in reasons),
        reasons=reasons,
        subjects=_subjects(item, signals),
        review=review,
    )


def visible(visibility: Visibility, author: UserId, viewer: UserId) -> bool:
    """Whether a viewer may see an item: all if allowed, the author alone if limited."""
    if visibility is Visibility.limit:
        return viewer == author
    return visibility is Visibility.allow


def _unseen(item: Item, author: Author, policy: Policy) -> Statements:
    """What is found of an item without signals: the same for all that rules can't tell apart."""
    for reader in policy.readers_on[item.surface]:
        if not reader.is_ruled_out(item.text):
            return _found(item, (), author, policy)
    key = (item.surface, len(item.pictures), item.audience is not None, author.banned)
    found = policy.unseen.get(key)
    if found is None:
        # No rule that reads words applies, here or to any other item that gets this answer.
        found = policy.unseen[key] = _found(item, (), author, policy)
    return found


def _found(item: Item, signals: Sequence[Signal], author: Author, policy: Policy) -> Statements:
    facts, surface = Facts(item, author, signals), item.surface
    rules = policy.rules_on[surface]
    answers = policy.conditions_on[surface].answers(facts)
    asked = (
        _asked_alone(rules, signals, facts)
        if answers is None
        else _asked_together(rules, signals, facts, answers)
    )
    applied = [(one.rule, _statement(one, policy, surface)) for one in asked]
    return Statements(
        tuple(said for _, said in applied if said.outcome is not Visibility.allow),
        tuple(said for rule, said in applied if surface in rule.review),
    )


class _Applied(NamedTuple):
    """A rule that applies, with the signals it rests on, or that can't be evaluated."""

    rule: Rule
    cited: tuple[Signal, ...]
    failed: bool = False


def _asked_together(
    rules: Sequence[Rule], signals: Sequence[Signal], facts: Facts, answers: Answers
) -> Iterator[_Applied]:
    whole, by_rule = iter(answers[0]), zip(*answers[1:], strict=True)
    for rule in rules:
        if rule.signal is None:
            if next(whole):
                yield _Applied(rule, ())
        elif any(holds := next(by_rule, ())):
            yield from _with_when(rule, tuple(compress(signals, holds))[:cited_max], facts)


def _asked_alone(
    rules: Sequence[Rule], signals: Sequence[Signal], facts: Facts
) -> Iterator[_Applied]:
    for rule in rules:
        if rule.signal is None:
            yield from _with_when(rule, (), facts)
            continue
        holds = [rule.signal.holds(seen) for seen in facts.each()]
        if any(holds):
            yield from _with_when(rule, tuple(compress(signals, holds))[:cited_max], facts)
        elif None in holds:
            yield _Applied(rule, (), failed=True)


def _with_when(rule: Rule, cited: tuple[Signal, ...], facts: Facts) -> Iterator[_Applied]:
    """Yield the rule if what it asks of the item as a whole holds too, or can't be told."""
    holds = True if rule.when is None else rule.when.holds(facts.whole)
    if holds is None:
        yield _Applied(rule, (), failed=True)
    elif holds:
        yield _Applied(rule, cited)


def _statement(applied: _Applied, policy: Policy, surface: Surface) -> StatementOfReasons:
    rule, cited = applied.rule, applied.cited
    outcome = policy.on_error[surface] if applied.failed else rule.outcome[surface]
    return StatementOfReasons(
        rule=rule.id,
        title=rule.title,
        text=None if applied.failed else rule.reason,
        outcome=outcome,
        about=tuple(_shorten(one.text) for one in cited if one.text),
        spans=tuple((one.start, one.end) for one in cited),
        pictures=tuple(sorted({one.picture for one in cited if one.picture})),
    )


def _shorten(text: str) -> str:
    return text if len(text) <= cited_length_max else text[: cited_length_max - 1] + "…"


def _subjects(item: Item, signals: Sequence[Signal]) -> tuple[Subject, ...]:
    issuers = {one.issuer for one in signals if one.issuer}
    return (
        Subject(SubjectKind.user, item.author),
        *(Subject(SubjectKind.issuer, issuer) for issuer in sorted(issuers)),
    )
