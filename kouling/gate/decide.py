"""Signals and a policy become a decision: pure, the same in a request and in a backtest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kouling.gate.condition import Author, Facts
from kouling.gate.policy import Policy, Rule
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
    outcome that the policy states under `on_error`.
    """
    reasons = _reasons(item, signals, author, policy) if signals else _unseen(item, author, policy)
    if not reasons:
        return Decision(
            item=item.id,
            visibility=Visibility.allow,
            policy_version=policy.version,
            decided_at=at,
            signals=tuple(signals),
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
    )


def visible(visibility: Visibility, author: UserId, viewer: UserId) -> bool:
    """Whether a viewer may see an item: all if allowed, the author alone if limited."""
    if visibility is Visibility.limit:
        return viewer == author
    return visibility is Visibility.allow


def _unseen(item: Item, author: Author, policy: Policy) -> tuple[StatementOfReasons, ...]:
    """The reasons for an item without signals: the same for all that rules can't tell apart."""
    if not policy.reads_no_words:
        return _reasons(item, (), author, policy)
    key = (item.surface, len(item.pictures), item.audience is not None, author.banned)
    reasons = policy.unseen.get(key)
    if reasons is None:
        reasons = policy.unseen[key] = _reasons(item, (), author, policy)
    return reasons


def _reasons(
    item: Item, signals: Sequence[Signal], author: Author, policy: Policy
) -> tuple[StatementOfReasons, ...]:
    facts = Facts(item, author, signals)
    rules = policy.rules_on[item.surface]
    applied = [_apply(rule, signals, facts, policy, item.surface) for rule in rules]
    return tuple(reason for reason in applied if reason is not None)


def _apply(
    rule: Rule, signals: Sequence[Signal], facts: Facts, policy: Policy, surface: Surface
) -> StatementOfReasons | None:
    cited, failed = _cited(rule, signals, facts)
    if failed:
        outcome = policy.on_error[surface]
        return _statement(rule, outcome, (), "The rule could not be evaluated.")
    if cited is None:
        return None
    return _statement(rule, rule.outcome[surface], cited, rule.reason)


def _cited(
    rule: Rule, signals: Sequence[Signal], facts: Facts
) -> tuple[tuple[Signal, ...] | None, bool]:
    """The signals that the rule rests on, None if it does not apply; and whether it failed."""
    cited: list[Signal] = []
    if rule.signal is not None:
        failed = False
        for one, seen in zip(signals, facts.each(), strict=False):
            holds = rule.signal.holds(seen)
            failed = failed or holds is None
            if holds:
                cited.append(one)
                if len(cited) == cited_max:
                    break
        if not cited:
            return None, failed
    if rule.when is not None:
        holds = rule.when.holds(facts.whole)
        if not holds:
            return None, holds is None
    return tuple(cited), False


def _statement(
    rule: Rule, outcome: Visibility, cited: tuple[Signal, ...], text: str
) -> StatementOfReasons | None:
    if outcome is Visibility.allow:
        return None
    quotes = ", ".join(f"“{_shorten(one.text)}”" for one in cited if one.text)
    return StatementOfReasons(
        rule=rule.id,
        title=rule.title,
        text=f"{text} It is about {quotes}." if quotes else text,
        outcome=outcome,
        spans=tuple((one.start, one.end) for one in cited),
    )


def _shorten(text: str) -> str:
    return text if len(text) <= cited_length_max else text[: cited_length_max - 1] + "…"


def _subjects(item: Item, signals: Sequence[Signal]) -> tuple[Subject, ...]:
    issuers = {one.issuer for one in signals if one.issuer}
    return (
        Subject(SubjectKind.user, item.author),
        *(Subject(SubjectKind.issuer, issuer) for issuer in sorted(issuers)),
    )
