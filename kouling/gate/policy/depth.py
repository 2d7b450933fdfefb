"""How far a policy needs pictures on a surface to be looked into, and when that is enough.

Reading print costs most, so it is done only where it can change a decision: where a rule could
tell whether the signals are there that it may add. That is worked out from the checked conditions,
all being unknown but what such signals have in common; in doubt pictures are looked into. What no
rule asks for is not missed: a step that is left out says nothing of itself.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kouling.gate.policy.condition import (
    Author,
    Facts,
    author_fields,
    item_fields,
    signal_fields,
)
from kouling.gate.policy.foresee import foresee
from kouling.gate.policy.policy import Policy, Rule
from kouling.gate.policy.possible import Abstract, Possible, Shown, Signals, any_of, just
from kouling.gate.records import Item, Party, Signal, Surface, Visibility, pictures_max


class Depth(enum.IntEnum):
    """How far a picture is looked into; each depth includes the ones before."""

    nothing = 0
    looks = 1
    barcodes = 2
    lines = 3


class Need(NamedTuple):
    """What a policy needs of pictures on one surface.

    `asks_for_bans` tells whether its rules could tell a ban on what is printed there. `worst` is
    the strictest outcome that its rules have; `settling` are those that have it and ask about
    nothing but the item and its single signals.
    """

    depth: Depth
    asks_for_bans: bool
    worst: Visibility
    settling: tuple[Rule, ...]


def depth_needed(policy: Policy, surface: Surface, *, bans: bool = True) -> Depth:
    """Return how far pictures on a surface have to be looked into under a policy.

    Print is not read for the sake of links and codes under a ban while there are no such `bans`.
    """
    need = _need(policy, surface)
    return Depth.lines if bans and need.asks_for_bans else need.depth


def is_settled(policy: Policy, item: Item, signals: Sequence[Signal]) -> bool:
    """Say whether such signals give an item its strictest outcome, whatever else is seen in it."""
    need = _need(policy, item.surface)
    if need.worst is Visibility.allow or not need.settling:
        return False
    facts = Facts(item, Author(item.author, False), signals)
    return any(_applies(rule, facts) for rule in need.settling)


def _applies(rule: Rule, facts: Facts) -> bool:
    if rule.signal and not any(rule.signal.holds(seen) for seen in facts.each()):
        return False
    return rule.when is None or rule.when.holds(facts.whole) is True


def _need(policy: Policy, surface: Surface) -> Need:
    need = policy.needs.get(surface)
    if need is None:
        need = policy.needs[surface] = _worked_out(policy, surface)
    return need


def _worked_out(policy: Policy, surface: Surface) -> Need:
    rules = policy.rules_on[surface]

    def is_asked(open: Sequence[Shown]) -> bool:
        return any(_tells(policy, rule, surface, open) for rule in rules)

    depth = next((one for one in reversed(Depth) if is_asked(opened[one])), Depth.nothing)
    outcomes = [rule.outcome[surface] for rule in rules]
    if any(_may_fail(rule, surface) for rule in rules):
        outcomes.append(policy.on_error[surface])
    worst = max(outcomes, key=list(Visibility).index, default=Visibility.allow)
    settling = (rule for rule in rules if rule.outcome[surface] is worst and not _reads_more(rule))
    return Need(depth, is_asked([banned_in_picture]), worst, tuple(settling))


def _reads_more(rule: Rule) -> bool:
    """Say whether a rule reads more than an item and its single signals: that may change yet."""
    conditions = [one for one in (rule.signal, rule.when) if one]
    read = {name.partition(".")[0] for one in conditions for name in one.reads}
    return not read.isdisjoint({"signals", "author"})


def _may_fail(rule: Rule, surface: Surface) -> bool:
    return any(one.fails for one in _asked(rule, surface, ()))


def _tells(policy: Policy, rule: Rule, surface: Surface, open: Sequence[Shown]) -> bool:
    """Say whether what a rule comes to may depend on whether open signals are there."""
    when, others, *each = _asked(rule, surface, open)
    failing = policy.on_error[surface] is not Visibility.allow or surface in rule.review
    applying = rule.outcome[surface] is not Visibility.allow or surface in rule.review
    held = any(one.may_be(True) for one in (others, *each))
    failed = any(one.fails for one in (others, *each)) or (held and when.fails)
    if not (applying and held and when.may_be(True)) and not (failing and failed):
        return False
    added = any(one.may_be(True) or (failing and one.fails) for one in each)
    return added or others.is_open or when.is_open


def _asked(rule: Rule, surface: Surface, open: Sequence[Shown]) -> Iterator[Possible]:
    """Yield what a rule's `when` may come to, then its `signal` for others and each open signal."""
    facts: dict[str, Abstract] = {
        "item": _item_on(surface),
        "author": _shown(author_fields),
        "signals": Signals(tuple(open), any_signal),
    }
    yield foresee(rule.when.tree, facts) if rule.when else just(True)
    if rule.signal is None:
        yield just(True)
        return
    for signal in (any_signal, *open):
        yield foresee(rule.signal.tree, {**facts, "signal": signal})


def _shown(fields: Mapping[str, type], **known: Possible) -> Shown:
    """Return what is known of a fact: of these fields so much, of others their types alone."""
    return Shown({name: known.get(name, any_of(kind)) for name, kind in fields.items()})


def _item_on(surface: Surface) -> Shown:
    pictures = just(*range(1, pictures_max + 1))
    return _shown(item_fields, surface=just(str(surface)), pictures=pictures)


any_signal = _shown(signal_fields)
"""A signal of which nothing is known."""


def in_picture(detector: str, kind: str, **known: Possible) -> Shown:
    """Return what is known of a signal in a picture, by its detector (or "") and kind."""
    return _shown(
        signal_fields,
        detector=just(detector) if detector else any_of(str),
        kind=just(kind),
        start=just(0),
        end=just(0),
        picture=just(*range(1, pictures_max + 1)),
        **known,
    )


def _of_picture(detector: str, kind: str, confidence: float) -> Shown:
    nothing = {name: just("") for name in ("party", "issuer", "text", "code")}
    return in_picture(detector, kind, confidence=just(confidence), **nothing)


_parties = just("", *(party.value for party in Party))
_in_text = tuple(
    in_picture("", kind, party=_parties)
    for kind in ("share_code", "share_link", "link", "game_code", "inducement")
)
_unsure = in_picture("picture_text", "unsure")
banned_in_picture = in_picture(
    "banned_subject", "banned_subject", confidence=just(1.0), party=_parties
)
"""What is known of the signal that a link or code in a picture leads to something banned."""

opened: Mapping[Depth, tuple[Shown, ...]] = {
    Depth.nothing: (),
    Depth.looks: (
        _of_picture("picture", "not_inspected", 1.0),
        _of_picture("near_duplicate", "near_duplicate", 0.9),
        _of_picture("near_duplicate", "unsure", 0.4),
        _of_picture("banned_subject", "banned_subject", 1.0),
    ),
    Depth.barcodes: (*_in_text, _unsure, banned_in_picture),
    Depth.lines: (*_in_text, _unsure),
}
"""For each depth the signals that may come, or go, when pictures are looked into as far as that.

For barcodes those of bans are among them: they are looked for at little cost.
"""
