"""A near-copy of a text that was limited or dropped for what stood in it.

What it finds:
    A text whose folded three-character pieces are mostly those of an earlier text that a rule
    kept from being shown, whatever was changed in case, width, spacing or a few words.

Why it matters:
    An evader posts the same message again with small changes until one passes.

Example:
    The limited message with the title's last words changed and the code in brackets.

Known misses:
    Texts under 12 letters, a message rewritten in other words. A template that honest posts
    share is found as well, so the signal is evidence for a policy to weigh, no decision.

Method:
    MinHash (Broder 1997) of 64 permutations, 16 bands of 4 for the look-up, and the exact
    Jaccard similarity of the pieces to decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from rensa import RMinHash

from kouling.fold import Folded, fold
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Signal

letters_min = 12
"""Letters that a text must have to be compared at all."""

letters_max = 2_000
"""Letters of a text that are compared; the rest is left out."""

similarity_min = 0.7
"""Jaccard similarity from which a text is a near-copy."""

permutations = 64
bands = 16
seed = 20180529


def pieces_of(text: Folded) -> frozenset[str]:
    """Return the three-character pieces of a folded text; none for a short one."""
    letters = text.compact.text.casefold()[:letters_max]
    if len(letters) < letters_min:
        return frozenset()
    return frozenset(letters[i : i + 3] for i in range(len(letters) - 2))


def bands_of(pieces: frozenset[str]) -> list[int]:
    """Return the 16 signed 64-bit band hashes by which near-copies are looked up."""
    if not pieces:
        return []
    minhash = RMinHash(num_perm=permutations, seed=seed)
    minhash.update(sorted(pieces))
    digest, rows = minhash.digest(), permutations // bands
    return [_band(number, digest[number * rows : (number + 1) * rows]) for number in range(bands)]


def text_duplicate(
    text: str, pieces: frozenset[str], earlier: Iterable[tuple[str, str]]
) -> Signal | None:
    """Return the signal of the likest earlier text, given as (item, text), or None."""
    best, likest = similarity_min, ""
    for item, other in earlier:
        others = pieces_of(fold(other))
        similarity = len(pieces & others) / len(pieces | others) if pieces and others else 0.0
        if similarity >= best:
            best, likest = similarity, item
    if not likest:
        return None
    return Signal(
        detector="text_duplicate",
        kind="text_duplicate",
        start=0,
        end=len(text),
        text=text,
        confidence=round(best, 3),
        evidence=(Evidence(EvidenceKind.like_text, about=likest, beside=f"{best:.0%}"),),
    )


def _band(number: int, rows: list[int]) -> int:
    data = number.to_bytes(2, "big") + b"".join(row.to_bytes(4, "big") for row in rows)
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big", signed=True)
