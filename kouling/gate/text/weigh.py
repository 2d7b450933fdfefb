"""Evidence adds up: each piece has a weight in log-odds, their sum gives the confidence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from kouling.gate.evidence import Evidence
from kouling.gate.records import Party

confidence_min = 0.5
"""Confidence from which a detector speaks up."""


class Finding(NamedTuple):
    """What a detector says about a span, before it becomes a `Signal`."""

    detector: str
    kind: str
    confidence: float
    evidence: tuple[Evidence, ...]
    issuer: str | None = None
    party: Party = Party.foreign


def confidence_of(prior: float, evidence: Iterable[Evidence]) -> float:
    """Return the confidence that a sum of log-odds stands for, to three places."""
    total = prior + sum(piece.weight for piece in evidence)
    return round(1 / (1 + math.exp(-total)), 3)


def in_favour(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return what spoke for a finding, the strongest first."""
    ranked = sorted(evidence, key=lambda piece: -piece.weight)
    return tuple(piece for piece in ranked if piece.weight > 0)
