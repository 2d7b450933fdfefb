"""Share codes: tokens that an app makes, to be copied and pasted into it.

What it finds:
    Runs of letters and digits that look drawn at random, weighed with what stands around them:
    delimiters, markers, wording to copy and open, an app's name in any spelling, a share link.
    Brands in the pack give the issuer; unknown ones are found by the same evidence.

Why it matters:
    A share code carries a reader into another platform without any link.

Example:
    復·制这段描述￥a1B2c3D4e5F￥后打开👉好♂店♀👈

Known misses:
    Codes without digits or mixed case and without wording; codes shorter than six characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple
from unicodedata import category

from kouling.fold import fold
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.owner import owner_in
from kouling.gate.records import Party, Signal
from kouling.gate.text.delimiters import with_delimiters
from kouling.gate.text.packs import Pack
from kouling.gate.text.passage import Occurrence, Passage
from kouling.gate.text.reading import Reading
from kouling.gate.text.shape import shape_of
from kouling.gate.text.token import (
    own_weight_min,
    reach_before,
    reach_behind,
    signs_between,
    tokens_of,
)
from kouling.gate.text.weigh import Finding, confidence_min, confidence_of, in_favour
from kouling.gate.text.wording import Mark, wording_evidence

detector = "share_code"

prior = -3.0
"""Log-odds that a token in a text is a share code, before anything is known of it."""

candidates_max = 128
"""Tokens weighed in one text."""

token_effort = 100
"""Characters that can be read in the time that it takes to weigh a token."""

app_signs_min = 1.7
"""What signs around a token weigh that only an app puts there."""

game_within = 12
"""Characters between what a game calls its codes and the code."""

unmistakable_min = 1.2
"""What a token looks like that can't be anything written by hand."""

_odd_before = re.compile(r"(?:(?:^|[^/\w:])\d?/{1,2}|[(<{]|[ぁ-ヺ])$")
_odd_behind = re.compile(r"//|[()]/|[<{]/|[ぁ-ヺ]")
_numbered = re.compile(r"(?:^|[^\w])\d:/{1,2}[ ]?$")

weights: Mapping[str, float] = {
    "copy": 1.0,
    "this": 0.8,
    "find": 0.3,
    "passphrase": 1.2,
    "reward": 0.4,
    "share": 0.3,
}
"""What wording near a token adds to the log-odds."""

_base58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{11}")


class Candidate(NamedTuple):
    """A token in a reading, and the folded span it stands in."""

    token: str
    start: int
    end: int
    reading: Reading
    at: int


class ShareCodes:
    """The share codes of a pack's families, and what looks like one."""

    def __init__(self, pack: Pack) -> None:
        self._ranks: dict[int, dict[str, int]] = {}
        self._delimited: dict[tuple[int, str], str] = {}
        folded = cache(_folded_signs)  # most families have the same
        for family in pack.families:
            signs = folded("".join(sorted({s for one in family.codes for s in one.delimiters})))
            for length in {shape.length for shape in family.codes}:
                ranks = self._ranks.setdefault(length, {})
                ranks.setdefault(family.issuer, len(ranks))
                for sign in signs:
                    self._delimited.setdefault((length, sign), family.issuer)
        self.known_lengths = frozenset(self._ranks) | {10, 11, 13, 14, 15, 16}

    def signals(
        self,
        passage: Passage,
        readings: Iterable[Reading],
        addresses: Iterable[Occurrence],
        linked: frozenset[str | None],
    ) -> Iterator[Signal]:
        """Yield a signal for each share code that stands outside of the addresses."""
        taken = bytearray(len(passage.folded))
        spans = [(found.start, found.end) for found in addresses]
        for start, end in chain(spans, passage.linked):
            taken[start:end] = b"x" * (end - start)
        for number, candidate in enumerate(_candidates(readings, taken)):
            if number == candidates_max:
                passage.leave(candidate.start, EvidenceKind.tokens_left_out, candidates_max)
                return
            passage.effort += token_effort
            signal = self._weighed(passage, candidate, linked)
            if signal is not None:
                yield signal

    def _weighed(
        self, passage: Passage, candidate: Candidate, linked: frozenset[str | None]
    ) -> Signal | None:
        whose = _whose(passage, candidate.token)
        if whose:
            party, name = whose
            tag = Evidence(EvidenceKind.right_tag, about=name)
            finding = Finding(detector, detector, 1.0, (tag,), name, party)
            return passage.signal(finding, _span(passage, candidate), candidate.token)
        evidence = self._evidence(passage, candidate, linked)
        confidence = confidence_of(prior, evidence)
        if not evidence or confidence <= confidence_min:
            return None
        game = _game_of(passage, candidate, evidence[1])
        if game and not linked:
            said = Evidence(EvidenceKind.game_wording, about=passage.quoted(game))
            own = Finding(detector, "game_code", confidence, (said, evidence[0]))
            return passage.signal(own, _span(passage, candidate), candidate.token)
        issuer = self._issuer(passage, candidate, linked)
        finding = Finding(detector, detector, confidence, in_favour(evidence), issuer)
        return passage.signal(finding, _span(passage, candidate), candidate.token)

    def _evidence(
        self, passage: Passage, candidate: Candidate, linked: frozenset[str | None]
    ) -> list[Evidence]:
        shape = shape_of(candidate.token, self.known_lengths)
        evidence = [shape, _delimited(passage, candidate)]
        if shape.weight >= unmistakable_min and len(candidate.token) in self._ranks:
            evidence[1] = max(evidence[1], _oddly(passage, candidate), key=_weight)
        own = shape.weight + evidence[1].weight + candidate.reading.deliberate
        if own < own_weight_min and not _asked_for(passage, candidate):
            return []
        if candidate.reading.disguise:
            evidence.append(candidate.reading.disguise)
        evidence += _worded(passage, candidate)
        if linked:
            evidence.append(Evidence(EvidenceKind.beside_link, 1.3))
        return evidence

    def _issuer(
        self, passage: Passage, candidate: Candidate, linked: frozenset[str | None]
    ) -> str | None:
        """Return the brand: of a fitting shape that the text names, else a telling shape."""
        named = passage.named_issuers() or linked
        ranks = self._ranks.get(len(candidate.token), {})
        fitting = [issuer for issuer in named if issuer in ranks]
        if fitting:
            return min(fitting, key=ranks.__getitem__)
        if len(named) == 1:
            return next(iter(named))
        before = candidate.reading.text[candidate.at - 1 : candidate.at]
        return self._delimited.get((len(candidate.token), before))


def _folded_signs(signs: str) -> frozenset[str]:
    return frozenset(fold(signs).folded.text)


def _candidates(readings: Iterable[Reading], taken: bytearray) -> Iterator[Candidate]:
    """Yield the tokens where nothing is taken; then they are."""
    for reading in readings:
        for match in tokens_of(reading.text):
            start, end = reading.span(*match.span())
            if any(taken[start:end]):
                continue
            taken[start:end] = b"x" * (end - start)
            yield Candidate(match.group(), start, end, reading, match.start())


def _whose(passage: Passage, token: str) -> tuple[Party, str] | None:
    if passage.ring is None or not _base58.fullmatch(token):
        return None
    return owner_in(passage.ring, token)


def _delimited(passage: Passage, candidate: Candidate) -> Evidence:
    """Weigh what stands directly before and after a token."""
    ringed = None if candidate.token in passage.text else _ringed(passage, candidate)
    return ringed or signs_between(*_beside(passage, candidate))


def _game_of(passage: Passage, candidate: Candidate, between: Evidence) -> Mark | None:
    """Return the wording that makes a token a game's own code: a deck, a crosshair, a gift.

    What an app's signs stand around, or what shall be copied to open an app, is none.
    """
    near = passage.near(candidate.start, candidate.end)
    mark = near.get("game")
    if mark is None or "this" in near or between.weight >= app_signs_min:
        return None
    return mark if 0 <= candidate.start - mark.end <= game_within else None


def _oddly(passage: Passage, candidate: Candidate) -> Evidence:
    """Weigh signs that no writer puts around a word, beside what can be nothing but a code."""
    left, right = _beside(passage, candidate)
    sides = (_odd_before.search(left), _odd_behind.match(right))
    money = any(category(sign) == "Sc" and sign != "$" for sign in left[-1:] + right[:1])
    odd = money or all(sides) or bool(_numbered.search(left))
    return Evidence(EvidenceKind.between, 1.85 if odd else 0.0, left[-1:], right[:1])


def _weight(evidence: Evidence) -> float:
    return evidence.weight


def _beside(passage: Passage, candidate: Candidate) -> tuple[str, str]:
    """Return what stands before and after a token, where its reading ends in the text itself."""
    text, at = candidate.reading.text, candidate.at
    end = at + len(candidate.token)
    start, past = candidate.start, candidate.end
    left = text[max(0, at - reach_before) : at]
    return (
        left or passage.folded[max(0, start - reach_before) : start],
        text[end : end + reach_behind] or passage.folded[past : past + reach_behind],
    )


def _ringed(passage: Passage, candidate: Candidate) -> Evidence | None:
    """Weigh letters with rings and the like around a token, which the fold made plain."""
    start, past = passage.view.span(candidate.start, candidate.end)
    first, last = passage.text[start], passage.text[past - 1]
    if first != last or first.isascii() or not passage.text[start + 1 : past - 1].isascii():
        return None
    return Evidence(EvidenceKind.between, 2.0, first, last)


def _asked_for(passage: Passage, candidate: Candidate) -> bool:
    """Say whether a number stands right behind the wording to search for it."""
    if not candidate.token.isdigit():
        return False
    near = passage.near(candidate.start, candidate.end, within=8)
    return any(
        kind in near and near[kind].end <= candidate.start for kind in ("find", "passphrase")
    )


def _worded(passage: Passage, candidate: Candidate) -> Iterator[Evidence]:
    near = passage.near(candidate.start, candidate.end)
    for kind, weight in weights.items():
        if kind in near:
            yield Evidence(wording_evidence[kind], weight, passage.quoted(near[kind]))
    if "open" in near:
        told = bool({"copy", "find", "passphrase"} & near.keys())
        weight = 0.8 if told else 0.3
        yield Evidence(EvidenceKind.open_wording, weight, passage.quoted(near["open"]))
    if "app" in near:
        yield Evidence(EvidenceKind.app_name, 0.8, passage.quoted(near["app"]))
    elif "unknown_app" in near:
        yield Evidence(EvidenceKind.some_app, 0.5, passage.quoted(near["unknown_app"]))
    if "find" in near and 0 <= candidate.start - near["find"].end <= 8:
        yield Evidence(EvidenceKind.after_search, 1.4)
    yield from _marked(passage, candidate, near)


def _marked(passage: Passage, candidate: Candidate, near: dict[str, Mark]) -> Iterator[Evidence]:
    marker = near.get("marker")
    if marker:
        beside = max(marker.start - candidate.end, candidate.start - marker.end) <= 14
        yield Evidence(EvidenceKind.marker, 2.5 if beside else 1.2, passage.quoted(marker))
        return
    like = near.get("marker_like")
    if like and max(like.start - candidate.end, candidate.start - like.end) <= 6:
        yield Evidence(EvidenceKind.marker_like, 0.9, passage.quoted(like))


def _span(passage: Passage, candidate: Candidate) -> tuple[int, int]:
    """Return the folded span of a token with its delimiters."""
    reading, at = candidate.reading, candidate.at
    span = reading.span(*with_delimiters(reading.text, at, at + len(candidate.token)))
    if reading.disguise and span == (candidate.start, candidate.end):
        # What undid the disguise may have left the delimiters behind.
        return with_delimiters(passage.folded, *span)
    return span
