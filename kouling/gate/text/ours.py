"""Codes of our key ring in a passage, told as a paste tells them: in pieces, in any spelling.

What the detectors would take for somebody else's comes in, too. Codes that none of them knew for
ours come out, and the passage without their letters: what is left is judged as if they were not
there, so that an own code neither is held against its author nor hides what stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from kouling.fold import View, fold
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.owner import party_of
from kouling.gate.records import Party, Signal
from kouling.gate.text.delimiters import with_delimiters
from kouling.gate.text.passage import Passage
from kouling.gate.text.triggers import own_code_signs
from kouling.gate.text.weigh import Finding
from kouling.mint import FoundCode, KeyRing, codes_in

known_parties = (Party.own, Party.partner)

_plain_sign, _sign = map(re.compile, own_code_signs)
_run = re.compile("[1-9A-HJ-NP-Za-km-z]{11}")
_runs = re.compile("[1-9A-HJ-NP-Za-km-z]{11,}")


def whole_codes(view: View, ring: KeyRing | None) -> tuple[str, ...]:
    """Return the codes of the ring that stand whole in a view, as a paste finds them."""
    if ring is None or not any(_plain_sign.search(run) for run in _runs.findall(view.text)):
        return ()
    return tuple(one.code for one in codes_in(view, ring))


def untold_codes(passage: Passage, told: Sequence[Signal]) -> list[FoundCode]:
    """Return the codes of the ring in a passage that no signal tells to be of it.

    One in pieces counts as untold: what hangs on its pieces was not looked at for itself.
    """
    if passage.ring is None:
        return []
    ring, clear = passage.ring, [one for one in told if _is_clear(one, passage)]

    def is_told(code: FoundCode) -> bool:
        return any(
            one.start <= code.start and code.end <= one.end
            for one in clear
            if one.kind != "share_code" or one.party is party_of(code.issuer, ring)
        )

    return [code for code in _codes_in(passage, ring, told, clear) if not is_told(code)]


def _is_clear(signal: Signal, passage: Passage) -> bool:
    """Say whether a signal tells a code of the ring that stands there whole, or a link of ours."""
    whole = signal.kind != "share_code" or signal.code in passage.folded
    return signal.party in known_parties and whole


def _codes_in(
    passage: Passage, ring: KeyRing, told: Sequence[Signal], clear: Sequence[Signal]
) -> list[FoundCode]:
    """Return the codes in a passage, whole or in pieces, wherever anything points to one."""
    near = [*_foreign(told), *_suspects(passage, clear)]
    if not near:
        return []
    whole = codes_in(passage.view, ring, near)
    pieces = codes_in(passage.views.compact, ring, near)
    return [*whole, *(one for one in pieces if not any(_overlap(one, other) for other in whole))]


def _foreign(told: Sequence[Signal]) -> Iterator[tuple[int, int]]:
    for one in told:
        if one.kind == "share_code" and one.party is Party.foreign:
            yield one.start, one.end


def _suspects(passage: Passage, clear: Sequence[Signal]) -> Iterator[tuple[int, int]]:
    """Yield the spans that may be of a code and were not told to be."""
    sign = _sign if passage.meant or passage.pieces else _plain_sign
    for match in chain(sign.finditer(passage.folded), _run.finditer(passage.folded)):
        start, end = passage.view.span(*match.span())
        if not any(one.start <= start and end <= one.end for one in clear):
            yield start, end


def _overlap(one: FoundCode, other: FoundCode) -> bool:
    return one.start < other.end and other.start < one.end


def without(passage: Passage, codes: Sequence[FoundCode], links: Sequence[Signal]) -> Passage:
    """Return a passage in which the letters of codes are blank, but those of links."""
    view = passage.view
    origins = range(view.original_length) if view.origins is None else view.origins
    blank = {
        int(origin)
        for origin, letter in zip(origins, view.text, strict=False)
        if letter.isascii() and letter.isalnum() and any(c.start <= origin < c.end for c in codes)
    }
    for link in links:
        blank.difference_update(range(link.start, link.end))
    text = "".join(" " if n in blank else letter for n, letter in enumerate(passage.text))
    return passage.over(fold(text))


def signal_of(passage: Passage, code: FoundCode) -> Signal:
    """Return the signal of a code of the ring, with the delimiters that belong to it."""
    assert passage.ring is not None
    span = with_delimiters(passage.text, code.start, code.end)
    finding = Finding(
        "share_code",
        "share_code",
        1.0,
        (Evidence(EvidenceKind.right_tag, about=code.issuer),),
        code.issuer,
        party_of(code.issuer, passage.ring),
    )
    return passage.signal_at(finding, span, code.code)
