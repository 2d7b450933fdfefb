"""Wording that makes people share for a reward, or presses them to.

What it finds:
    An ask to share, to invite, to collect likes or to help bargain, near a promised reward;
    and words that press to pass a message on. Homophones and split characters are undone.

Why it matters:
    Share-to-get-a-reward schemes flood timelines, and many platforms' norms name them. It is a
    weak signal of its own: people also tell each other of such schemes.

Example:
    分享到朋友圈集满30个赞，免费领取大礼包

Known misses:
    Rewards that are only shown after a tap, schemes described without the usual words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Signal
from kouling.gate.text.packs import Pack
from kouling.gate.text.passage import Passage
from kouling.gate.text.triggers import spelled

detector = "inducement"

gap_max = 24
"""Characters between the ask and the reward."""

signals_max = 4
"""Signals of this kind in one text."""

_weights = {"scheme": 0.6, "urge": 0.5}


def inducement_triggers(pack: Pack) -> tuple[str, ...]:
    """Return what every inducement holds; whether a reward is near is for the closer look."""
    phrases = (*pack.inducement.get("ask", ()), *pack.inducement.get("urge", ()))
    return tuple(dict.fromkeys(spelled(phrase, pack) for phrase in phrases))


class Inducements:
    """The inducement wording of a pack, ready to be looked for."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    @cached_property
    def _regexes(self) -> list[tuple[str, re.Pattern[str]]]:
        """What finds them, made when a text first seems to hold one: that takes 0.2 s."""
        return [(kind, re.compile(regex)) for kind, regex in _regexes(self._pack)]

    def signals(self, passage: Passage) -> list[Signal]:
        """Return the signals in a text, first to last."""
        found = sorted(self._found(passage), key=lambda signal: signal.start)
        kept: list[Signal] = []
        for signal in found:
            if not kept or signal.start >= kept[-1].end:
                kept.append(signal)
        return kept[:signals_max]

    def _found(self, passage: Passage) -> Iterator[Signal]:
        for kind, regex in self._regexes:
            for match in regex.finditer(passage.folded):
                start, end = passage.original(*match.span())
                yield Signal(
                    detector=detector,
                    kind="inducement",
                    start=start,
                    end=end,
                    text=passage.text[start:end],
                    confidence=_weights[kind],
                    evidence=(Evidence(_evidence[kind]),),
                )


_evidence = {"scheme": EvidenceKind.reward_for_sharing, "urge": EvidenceKind.urge_to_share}


def _regexes(pack: Pack) -> list[tuple[str, str]]:
    words = {
        kind: "|".join(spelled(phrase, pack) for phrase in phrases)
        for kind, phrases in pack.inducement.items()
    }
    found = []
    if words.get("ask") and words.get("reward"):
        gap = f"[^\n]{{0,{gap_max}}}?"
        found.append(("scheme", f"(?:{words['ask']}){gap}(?:{words['reward']})"))
        found.append(("scheme", f"(?:{words['reward']}){gap}(?:{words['ask']})"))
    if words.get("urge"):
        found.append(("urge", f"(?:{words['urge']})"))
    return found
