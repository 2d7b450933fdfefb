"""What a language has words for: one vocabulary a language, each with the same entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kouling.deliver import PlaceReasonKind
from kouling.gate import EvidenceKind
from kouling.redeem import RefusalReason
from kouling.settle import MemoKind


class Vocabulary(NamedTuple):
    """All words of one language; what stands in braces is filled in.

    `evidence` fills in `about` and `beside`. `disguised` stands around a disguise that weighed,
    `in_picture` around the reason why a picture was not looked into, `not_inspected` around the
    same reason where it is counted. `about` joins a reason to the words it is about, each in a
    `quote` and a `comma` between them; `rule_failed` stands for a reason that nobody knows.
    `memo` fills in the fields of a `Memo`; `days` in it is written as `one_day` or `many_days`.
    `refusal` fills in what a refusal is `about`; `foreign_unnamed` stands for a foreign code whose
    issuer is not known.
    """

    evidence: Mapping[EvidenceKind, str]
    disguised: str
    in_picture: str
    not_inspected: str
    rule_failed: str
    about: str
    quote: str
    comma: str
    memo: Mapping[MemoKind, str]
    touchpoints: str
    one_day: str
    many_days: str
    refusal: Mapping[RefusalReason, str]
    foreign_unnamed: str
    place_reason: Mapping[PlaceReasonKind, str]
    disclosure: str
    trial: Mapping[str, str]
