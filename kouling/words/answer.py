"""What the gate answers about one item, as the command line and the server write it in JSON.

The fields and their order are a contract with those who read the answers.
"""

from __future__ import annotations

import msgspec

from kouling.gate import Decision, Party, Signal, Visibility
from kouling.language import Language
from kouling.words.gate import evidence_of, words_of


class SeenSignal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a detector saw; the fields are those of `Signal` without the bare code.

    `picture` and `box` stand only where a signal comes from a picture.
    """

    detector: str
    kind: str
    party: Party | None
    issuer: str | None
    start: int
    end: int
    text: str
    confidence: float
    evidence: tuple[str, ...]
    picture: int = 0
    box: tuple[int, int, int, int] | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The decision about one item: what was seen in it, the rules that applied, and why.

    `id` is the item's as it was given, a number or a text. `start` and `end` of a signal are
    code-point offsets in the item's text. `review` names the rules that ask for a reviewer, and
    stands only where there are any.
    """

    id: str | int
    visibility: Visibility
    signals: tuple[SeenSignal, ...]
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    policy_version: str
    review: tuple[str, ...] = ()


def answer_of(id: str | int, decision: Decision, language: Language = Language.en) -> Answer:
    """Return the answer that tells of a decision, under the id that the item was given.

    Only `evidence` and `reasons` are in a language; everything else is the same in all of them.
    """
    return Answer(
        id=id,
        visibility=decision.visibility,
        signals=tuple(_seen(signal, language) for signal in decision.signals),
        rules=decision.rules,
        reasons=tuple(words_of(reason, language) for reason in decision.reasons),
        policy_version=decision.policy_version,
        review=tuple(asked.rule for asked in decision.review),
    )


def _seen(signal: Signal, language: Language) -> SeenSignal:
    return SeenSignal(
        detector=signal.detector,
        kind=signal.kind,
        party=signal.party,
        issuer=signal.issuer,
        start=signal.start,
        end=signal.end,
        text=signal.text,
        confidence=signal.confidence,
        evidence=evidence_of(signal, language),
        picture=signal.picture,
        box=signal.box,
    )
