"""Codes in numbered or named parts: ① and ②, 1/2 and 2/2, a first half and a second one.

A folded text and the wording in it come in; readings come out that have the parts in the order of
their numbers, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import category

from kouling.fold import Folded
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.text.reading import Reading
from kouling.gate.text.wording import Marks

told, untold = 1.4, 0.3
"""What it adds to the log-odds that a message says to join the parts, or only names them."""

code_length_min, code_length_max = 7, 24
"""Letters and digits of a code that was put together."""

parts_max = 6
"""Parts of one code."""

pieces_max = 40
"""Numbered pieces looked at in one text."""

between_max = 14
"""Characters between a part and the next one's number."""

_ringed = 0xE000
_digits = {sign: place % 9 + 1 for place, sign in enumerate("123456789一二三四五六七八九")}
_number = "[1-9一二三四五六七八九]"
_label = (
    rf"(?:第?(?P<nth>{_number})[ ]?(?:[段部截节份块半号][分段]?[ ]?[:是为 ]|[、.:)\]}}】])"
    "|(?P<of>[1-9])/[2-9]"
    rf"|[(\[【](?P<bracketed>{_number})[)\]】]"
    r"|(?i:(?:part|piece|half|teil|partie|parte|bagian|phan|そのパ?ー?ト?)[ ]?(?P<named>[1-9]))"
    r"|(?i:\b(?P<letter>[a-f])[:=])"
    r"|(?P<first>\x01)|(?P<last>\x02))"
)
_ring = f"(?P<ring>[{chr(_ringed + 1)}-{chr(_ringed + 9)}])"
_part = re.compile(
    rf"(?:{_ring}|(?<![A-Za-z0-9]){_label})"
    f"[^A-Za-z0-9\\n\\x01\\x02{chr(_ringed + 1)}-{chr(_ringed + 9)}]{{0,8}}"
    r"(?P<piece>[A-Za-z0-9]{2,18})(?![A-Za-z0-9])"
)


class Part(NamedTuple):
    """A piece with its number, and where they stand: inside a word, or where one begins."""

    number: int
    start: int
    piece: tuple[int, int]
    is_inside: bool


def parts_in(folded: Folded, marks: Marks) -> Iterator[Reading]:
    """Yield codes whose parts the text numbers or names, put together."""
    text = folded.folded.text
    join = next(iter(marks.get("join", ())), None)
    is_asked = bool(join or marks.keys() & {"app", "copy", "passphrase"})
    for parts in _series(_labelled(folded, marks)) if is_asked else ():
        pieces = [part.piece for part in sorted(parts)]
        code = code_of(text, pieces)
        if code is None:
            continue
        read, starts = code
        ends = [place + 1 for place in starts]
        # The number of the part that stands first belongs to what has to be shown.
        starts[starts.index(min(starts))] = min(part.start for part in parts)
        how = Evidence(EvidenceKind.torn, untold)
        if join:
            how = Evidence(EvidenceKind.mended, told, text[join.start : join.end])
        yield Reading(read, starts, ends, how)


def code_of(text: str, pieces: Sequence[tuple[int, int]]) -> tuple[str, list[int]] | None:
    """Return pieces put together and where each letter came from, None if that is no code."""
    places = [place for start, past in pieces for place in range(start, past)]
    if not code_length_min <= len(places) <= code_length_max:
        return None
    return "".join(map(text.__getitem__, places)), places


def _labelled(folded: Folded, marks: Marks) -> list[Part]:
    found: list[Part] = []
    text = _with_labels(folded, marks)
    for match in _part.finditer(text):
        if len(found) == pieces_max:
            break
        is_inside = text[max(0, match.start() - 1) : match.start()].isalnum()
        is_inside = is_inside and text[match.start() - 1].isascii()
        found.append(Part(_number_of(match), match.start(), match.span("piece"), is_inside))
    return found


def _number_of(match: re.Match[str]) -> int:
    kind = next(name for name, said in match.groupdict().items() if said and name != "piece")
    said = match[kind]
    if kind == "ring":
        return ord(said) - _ringed
    if kind == "letter":
        return ord(said.lower()) - ord("a") + 1
    return {"first": 1, "last": 2}.get(kind) or _digits[said]


def _with_labels(folded: Folded, marks: Marks) -> str:
    """Return the folded text with ringed digits, and words for the halves, told from the rest."""
    letters = list(folded.folded.text)
    for sign, kind in (("\x01", "first_part"), ("\x02", "last_part")):
        for mark in marks.get(kind, ()):
            letters[mark.start : mark.end] = sign * (mark.end - mark.start)
    origins = folded.folded.origins
    if origins is not None:
        for place, origin in enumerate(origins.tolist()):
            if letters[place] in _digits and _is_ringed(folded.text, origin):
                letters[place] = chr(_ringed + _digits[letters[place]])
    elif not folded.text.isascii():
        for place, sign in enumerate(folded.text):
            if category(sign) == "No" and letters[place] in _digits:
                letters[place] = chr(_ringed + _digits[letters[place]])
    return "".join(letters)


def _is_ringed(text: str, at: int) -> bool:
    return category(text[at]) == "No" or text[at + 1 : at + 3].endswith("\u20e3")


def _series(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Yield runs of parts that stand close together and whose numbers are 1, 2 and so on."""
    run: list[Part] = []
    for part in parts:
        if run and part.start - run[-1].piece[1] > between_max:
            yield from _whole(run)
            run = []
        run.append(part)
    yield from _whole(run)


def _whole(run: list[Part]) -> Iterator[list[Part]]:
    numbers = sorted(part.number for part in run)
    if not 2 <= len(run) <= parts_max or run[0].is_inside:
        return
    if numbers == list(range(1, len(run) + 1)):
        yield run
