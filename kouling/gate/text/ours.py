"""Codes of our key ring in a passage, told as a paste tells them: in pieces, in any spelling.

What the detectors would take for somebody else's comes in, too. Codes that none of them knew for
ours come out, and the passage without their letters: what is left is judged as if they were not
there, so that an own code neither is held against its author nor hides what stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kouling.fold import fold
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.owner import party_of
from kouling.gate.records import Party, Signal
from kouling.gate.text.delimiters import with_delimiters
from kouling.gate.text.passage import Passage
from kouling.gate.text.triggers import own_code_signs
from kouling.gate.text.weigh import Finding
from kouling.mint import FoundCode, KeyRing, codes_in, pieces_in

known_parties = (Party.own, Party.partner)

_sign = re.compile("|".join(own_code_signs))


def untold_codes(passage: Passage, told: Sequence[Signal]) -> list[FoundCode]:
    """Return the codes of the ring in a passage that no signal tells to be of it.

    One in pieces counts as untold: what hangs on its pieces was not looked at for itself.
    """
    if passage.ring is None:
        return []
    ring, known = passage.ring, [one for one in told if one.party in known_parties]

    def is_told(code: FoundCode) -> bool:
        party, whole = party_of(code.issuer, ring), code.end - code.start == len(code.code)
        return any(
            one.party is party
            and one.start <= code.start
            and code.end <= one.end
            and (whole or one.kind != "share_code")
            for one in known
        )

    return [code for code in _codes_in(passage, ring, told) if not is_told(code)]


def _codes_in(passage: Passage, ring: KeyRing, told: Sequence[Signal]) -> list[FoundCode]:
    if any(one.party is Party.foreign and one.kind == "share_code" for one in told):
        whole = codes_in(passage.views, ring)
        places = {code.start for code in whole}
        return [*whole, *(one for one in pieces_in(passage.views, ring) if one.start not in places)]
    if _sign.search(passage.folded):
        return codes_in(passage.views, ring, mixed=True)
    return []


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
