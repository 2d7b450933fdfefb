"""Addresses whose signs are spelt out, or that markup and escapes cut to pieces.

A folded text comes in, readings with plain signs go out: `m(dot)tb(slash)x`, `m.tb<wbr>.cn`,
`m\\.tb\\.cn`, `tb[b].[/b]cn`. Dots in words are for the search for addresses, which knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.text.reading import Reading

told = 0.6
"""What it adds to the log-odds: nobody spells out the signs of an address without a reason."""

_tags = r"</?[A-Za-z][A-Za-z0-9]{0,9}[ ]?/?>|\[/?(?!dot\])[A-Za-z]{1,10}\]"
_unseen = rf"(?:{_tags}|&(?:shy|zwnj|zwj|nbsp|#8203|#173|#x200b|#xad);|\*\*|\|\||~~|`)"
_words = {
    "/": "slash|斜杠|斜线|正斜杠|barra|schragstrich|スラッシュ|슬래시",
    ":": "colon|冒号|doppelpunkt|dos puntos|コロン|콜론",
    ".": "punto|punkt|ponto|titik|ドット|점",
    "?": "question mark|问号",
    "=": "equals|等号",
    "-": "hyphen|dash|横杠|连字符|中划线",
    "_": "underscore|下划线",
}
_left, _right = r"[ ]?[(\[{<]?", r"[)\]}>]?[ ]?"
_spelt = "|".join(
    rf"(?P<w{number}>{_left}(?:{words}){_right})" for number, words in enumerate(_words.values())
)
_sign = re.compile(
    rf"(?P<unseen>{_unseen}{{1,4}})|\\(?P<escaped>[./:_?=&-])|{_spelt}", re.IGNORECASE
)
# What any of them begins with or has in it, and most texts have not: looking for it takes 2 us of a
# share message, looking for the signs themselves 38 (2 cores of AMD EPYC, 2026-11-29).
_any_sign = re2.compile(rf"(?i)[<\[&*|~`\\]|{'|'.join(_words.values())}")
_chunk = re.compile(r"\S+")
_signs = list(_words)
_beside = re.compile(r"[A-Za-z0-9./:\\)\]}>点<\[({]")


def spelt_out(text: str) -> Iterator[Reading]:
    """Yield what stands between two spaces with the signs of addresses as signs."""
    if not _any_sign.search(text):
        return
    read, starts, ends = list[str](), list[int](), list[int]()
    at, changed = 0, list[int]()
    for match in _sign.finditer(text):
        if not _is_inside(text, match):
            continue
        start, past = match.span()
        read += text[at:start]
        starts += range(at, start)
        ends += range(at + 1, start + 1)
        changed.append(len(read))
        if not match["unseen"]:
            read.append(match["escaped"] or _signs[int((match.lastgroup or "w0")[1:])])
            starts.append(start)
            ends.append(past)
        at = past
    read += text[at:] if changed else ""
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    for chunk in _chunk.finditer("".join(read)) if changed else ():
        first, last = chunk.span()
        if any(first <= place <= last for place in changed):
            how = Evidence(EvidenceKind.spelt_out, told)
            yield Reading(chunk.group(), starts[first:last], ends[first:last], how)


def _is_inside(text: str, match: re.Match[str]) -> bool:
    """Say whether a match stands between characters that an address may hold."""
    before, behind = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return bool(_beside.match(before) and _beside.match(behind))
