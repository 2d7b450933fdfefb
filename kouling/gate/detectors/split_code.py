"""A code spread over an author's last comments under one item.

What it finds:
    A foreign share code or link that appears when the author's last comments in the thread are
    read as one text, with or without the numbers that order them.

Why it matters:
    A gate that looks at one comment at a time never sees it; a reader who is told "join the
    three" does.

Example:
    "￥t7Xk", then "2bQm", then "9Ra￥ 打开淘宝".

Known misses:
    Parts by different authors or under different items, parts in another order than they were
    posted, more parts or a longer pause than the window allows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Party, Signal
from kouling.mint import KeyRing

parts_max = 6
"""Comments that are read as one text, the new one among them."""

part_length_max = 60
"""Code points in a comment that can be a part; a longer one speaks for itself."""

window_minutes = 30
"""How old the earlier comments may be."""

_number = re.compile(
    r"^\s*(?:[(（\[【]?\d{1,2}(?:/\d{1,2})?[)）\]】.、:：]|[①-⑨]|[一二三四五六][、.:：])\s*"
)


class TextDetectors(Protocol):
    """Whatever finds signals in single texts."""

    def inspect(
        self, texts: Sequence[str], ring: KeyRing | None = None
    ) -> list[tuple[Signal, ...]]:
        """Return the signals in each text; with a key ring ours are told from foreign codes."""
        ...


def split_code(
    earlier: Sequence[str], text: str, detectors: TextDetectors, ring: KeyRing | None = None
) -> Signal | None:
    """Return the signal of a code that `text` completes, or None.

    `earlier` are the author's comments before it in the thread, oldest first.
    """
    parts = [*earlier[-(parts_max - 1) :], text]
    if len(parts) < 2 or not text.strip() or any(len(part) > part_length_max for part in parts):
        return None
    tails = [parts[start:] for start in range(len(parts) - 1)]
    joined = [reading for tail in tails for reading in ("".join(tail), _unnumbered(tail))]
    for whole, signals in zip(joined, detectors.inspect(joined, ring), strict=True):
        for signal in signals:
            if _is_foreign(signal) and signal.end > len(whole) - len(_unnumbered([text])):
                return _completed(signal, text, len(parts))
    return None


def _unnumbered(parts: Sequence[str]) -> str:
    return "".join(_number.sub("", part) for part in parts)


def _is_foreign(signal: Signal) -> bool:
    return signal.party is Party.foreign and signal.kind in ("share_code", "share_link")


def _completed(signal: Signal, text: str, parts: int) -> Signal:
    return Signal(
        detector="split_code",
        kind="split_code",
        party=Party.foreign,
        issuer=signal.issuer,
        start=0,
        end=len(text),
        text=text,
        confidence=signal.confidence,
        evidence=(Evidence(EvidenceKind.joined_comments, about=signal.text, beside=str(parts)),),
        code=signal.code,
    )
