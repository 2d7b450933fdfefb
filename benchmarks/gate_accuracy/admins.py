"""The judgement that admins of chat groups run today: a list of words, normalised and fuzzy.

A rebuilt kind, no copy: the words are our own, of the subjects such lists have. A text is brought
to plain small letters without signs; a word counts if its characters stand in it in their order
with at most one other character between each two.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bench.labels import Signals
from benchmarks.gate_accuracy.finders import Finder
from kouling.gate import Party, Signal

words = (Path(__file__).parent / "words.txt").read_text("utf-8").split()
"""What is taken for an advertisement."""

_fuzzy = re.compile("|".join(".?".join(map(re.escape, word)) for word in words))
_kept = ("L", "N")


def admins_finder() -> Finder:
    """Return the judgement as a finder; it knows no spans, so a hit is the whole text."""

    def inspect(texts: Sequence[str]) -> list[Signals]:
        return [_signals(text) for text in texts]

    return Finder("word list", inspect, lambda texts: [bool(one) for one in inspect(texts)])


def _signals(text: str) -> Signals:
    if not _fuzzy.search(_plain(text)):
        return ()
    hit = Signal(
        detector="words", kind="share_code", party=Party.foreign, start=0, end=len(text), text=text
    )
    return (hit,)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in _kept)
