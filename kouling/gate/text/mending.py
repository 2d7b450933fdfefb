"""Codes that a message tells its readers to mend: leave these out, swap the halves, read that sign.

A folded text and the wording in it come in; readings of the mended codes come out. A reader mends
anything, so what is looked for is no form but a way: pieces between two money signs, pieces with
an instruction near, a sign that stands for a letter. Whether the result is a code is for the
detectors to weigh.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from itertools import pairwise

import re2

from kouling.fold import Folded, fold
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.text.packs import Pack
from kouling.gate.text.parts import code_of, parts_in
from kouling.gate.text.reading import Reading, numerals
from kouling.gate.text.wording import Mark, Marks

told, untold = 1.4, 0.0
"""What it adds to the log-odds that a message says how to mend, or only gives the pieces."""

broken, filled = 0.5, 0.1
"""What a break between two money signs adds, and what words or signs among the letters do."""

gap_length_max = 16
"""Characters between two pieces of one code."""

whole_min = 10
"""Letters and digits that are no piece, but may be a whole code."""

told_within = 60
"""Characters between pieces and the wording that says how to mend them."""

signs_max = 4
"""Signs in one text that stand for a letter."""

money = "$¢£¤¥฿₠-₿"
"""Signs between which pieces are taken for one code, as they stand in a regex."""

_beside = range(17)
_gap = "[^A-Za-z0-9\n]"
_region = re.compile(rf"[{money}](?P<body>[^{money}\n]{{5,160}})(?=[{money}])")
_bracketed = re.compile(rf"[(](?P<body>[^{money}()\n]{{5,160}})(?=[)]/)")
_filled = re.compile(r"(?:[A-Za-z0-9]{1,12}[^ -~\n]{1,12}){1,23}[A-Za-z0-9]{1,12}")
_signed = re.compile(
    r"[A-Za-z0-9]{1,12}([^A-Za-z0-9\s])[A-Za-z0-9]{1,12}(?:\1[A-Za-z0-9]{1,12}){0,23}"
)
_two = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z0-9]{{3,12}}){_gap}{{1,6}}([A-Za-z0-9]{{3,12}})(?![A-Za-z0-9])"
)
_broken = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z0-9]{2,14})[ ]{1,4}([A-Za-z0-9]{2,14})(?![A-Za-z0-9])"
)
_piece = re.compile("[A-Za-z0-9]+")
_aside = re.compile(r"[(\[{<][^)\]}>\n]{1,40}[)\]}>]")
_words_before = re.compile(r"(?:[a-z]+[ ])+$")
_words_behind = re.compile(r"(?:[ ][a-z]+)+(?![A-Za-z0-9])")

_names = {
    "*": ("星号", "asterisk", "star", "asterisco", "asterisque", "sternchen", "별표"),
    "#": ("井号", "hash"),
    "?": ("问号", "question mark"),
    "_": ("下划线", "underscore"),
    "-": ("横线", "hyphen", "dash"),
    "□": ("方框", "square"),
    "○": ("圆圈", "circle"),
}
_sign_names = {name: sign for sign, names in _names.items() for name in names}

Spans = list[tuple[int, int]]


class Mending:
    """The ways to mend codes, with a pack's words for a sign that stands for a letter."""

    def __init__(self, pack: Pack) -> None:
        words = sorted(map(_folded, pack.wording.get("stands_for", ())), key=len, reverse=True)
        quote = "[\"'“”‘’「」()]?"
        joint = "|".join(map(re.escape, words)) or r"[^\s\S]"  # without words nothing
        said = (
            rf"(?P<sign>{'|'.join(map(re.escape, _sign_names))}|[^A-Za-z0-9\s{money}])"
            rf"{quote}[ ]?(?:{joint})[ ]?{quote}(?P<letter>[A-Za-z0-9])"
        )
        self._stands_for = re.compile(rf"{said}(?![A-Za-z0-9])", re.IGNORECASE)
        # The same but for its end, for most texts say no such thing: 2 us of a share message
        # in place of 17 (2 cores of AMD EPYC, 2026-11-29).
        self._may_stand_for = re2.compile(f"(?i){said}")

    def readings(self, folded: Folded, marks: Marks) -> Iterator[Reading]:
        """Yield the readings of what may be one code once it is mended."""
        text = folded.folded.text
        yield from self._with_signs_read(text)
        yield from parts_in(folded, marks)
        yield from _between_signs(text, marks)
        yield from _around_what_is_left_out(text, marks)
        yield from _swapped(text, marks)

    def _with_signs_read(self, text: str) -> Iterator[Reading]:
        """Yield what holds signs that the text says are letters, with the letters."""
        if not self._may_stand_for.search(text):
            return
        meant: dict[str, tuple[str, str]] = {}
        for match in self._stands_for.finditer(text):
            if len(meant) < signs_max:
                sign = _sign_names.get(match["sign"].lower(), match["sign"])
                meant.setdefault(sign, (match["letter"], match.group()))
        if not meant:
            return
        signs = "".join(map(re.escape, meant))
        for match in re.finditer(
            rf"[A-Za-z0-9]{{1,23}}(?:[{signs}]{{1,3}}[A-Za-z0-9]{{1,23}})+", text
        ):
            start, past = max(0, match.start() - 2), min(len(text), match.end() + 2)
            letters = {ord(sign): letter for sign, (letter, _) in meant.items()}
            read = (
                text[start : match.start()]
                + match.group().translate(letters)
                + text[match.end() : past]
            )
            how = next(said for sign, (_, said) in meant.items() if sign in match.group())
            yield Reading(read, range(start, past), None, _as_told(how))


def _as_told(how: str) -> Evidence:
    return Evidence(EvidenceKind.mended, told, how)


def _folded(phrase: str) -> str:
    return fold(phrase).folded.text


def _between_signs(text: str, marks: Marks) -> Iterator[Reading]:
    """Yield what stands in pieces between two money signs, or in `(…)/`, put together."""
    for regex in (_region, _bracketed):
        for match in regex.finditer(text):
            start, past = match.span("body")
            mark = _nearest(marks.get("remove", ()), start, past)
            pieces = _pieces(text, start, past, mark)
            how = _how(text, pieces, mark) if _fills(text, pieces, start, past, mark) else None
            if how is None:
                continue
            around = (start - 1, past)
            swap = _nearest(marks.get("swap", ()), start, past)
            if swap and len(pieces) == 2:
                pieces, how = pieces[::-1], _as_told(_said(text, swap))
            yield from _joined(text, pieces, how, around)


def _fills(text: str, pieces: Spans, start: int, past: int, mark: Mark | None) -> bool:
    """Say whether pieces begin and end with the stretch between two signs, or nearly so."""
    if len(pieces) < 2:
        return False
    if any(letter in string.punctuation for letter in text[pieces[-1][1] : past]):
        return False  # a program, in which the next sign begins something else
    before, behind = pieces[0][0] - start, past - pieces[-1][1]
    return max(before, behind) <= 2 and (mark is not None or before == behind)


def _pieces(text: str, start: int, past: int, mark: Mark | None) -> Spans:
    """Return the letters and digits of a stretch, without those that shall be left out."""
    out: Spans = []
    if mark:
        out = [match.span() for match in _aside.finditer(text, start, past)]
        if start <= mark.start < past:
            out.append(_with_words(text, mark, start, past))
    found = (match.span() for match in _piece.finditer(text, start, past))
    return [(a, b) for a, b in found if not any(a < last and first < b for first, last in out)]


def _with_words(text: str, mark: Mark, start: int, past: int) -> tuple[int, int]:
    """Return the span of wording with the small words beside it, as in `delete this`."""
    before = _words_before.search(text[start : mark.start])
    behind = _words_behind.match(text, mark.end, past)
    return start + before.start() if before else mark.start, behind.end() if behind else mark.end


def _how(text: str, pieces: Spans, mark: Mark | None) -> Evidence | None:
    """Return why pieces between two signs are one code, None if they are not."""
    if mark:
        return _as_told(_said(text, mark))
    gaps = [text[a:b] for (_, a), (b, _) in pairwise(pieces)]
    lengths = [past - start for start, past in pieces]
    if max(map(len, gaps)) > gap_length_max or max(lengths) >= whole_min:
        return None
    if lengths[0] > 1 and text[slice(*pieces[0])].isdigit():
        return None  # a price
    if len(gaps) == 1 and not gaps[0].strip():
        return Evidence(EvidenceKind.torn, broken)
    foreign = all(not letter.isascii() or letter == " " for gap in gaps for letter in gap)
    if foreign or (len(gaps) >= 4 and len(set(gaps)) == 1):
        may_be_letters = any(letter in numerals for gap in gaps for letter in gap)
        return Evidence(EvidenceKind.torn, untold if may_be_letters else filled)
    return None


def _joined(
    text: str, pieces: Spans, how: Evidence, around: tuple[int, int] | None = None
) -> Iterator[Reading]:
    code = code_of(text, pieces)
    if code is None:
        return
    read, places = code
    if around:
        first, last = max(0, around[0] - 1), min(len(text), around[1] + 2)
        read = text[first : around[0] + 1] + read + text[around[1] : last]
        places = [*range(first, around[0] + 1), *places, *range(around[1], last)]
    yield Reading(read, places, None, how)


def _around_what_is_left_out(text: str, marks: Marks) -> Iterator[Reading]:
    """Yield pieces without signs around them where the text says what to leave out."""
    for mark in marks.get("remove", ())[:signs_max]:
        first, past = _with_words(text, mark, max(0, mark.start - 40), mark.end + 40)
        before = _last(text, max(0, first - 24), first)
        behind = _piece.search(text, past, past + 24)
        if before and behind and behind.start() - past <= gap_length_max:
            pieces = [before, behind.span()]
            yield from _joined(text, pieces, _as_told(_said(text, mark)))
    for mark in marks.get("remove", ())[:1]:
        for regex in (_filled, _signed):
            for match in regex.finditer(text, max(0, mark.start - 200), mark.end + 200):
                if max(mark.start - match.end(), match.start() - mark.end) in _beside:
                    pieces = [found.span() for found in _piece.finditer(text, *match.span())]
                    yield from _joined(text, pieces, _as_told(_said(text, mark)))


def _last(text: str, start: int, past: int) -> tuple[int, int] | None:
    found = list(_piece.finditer(text, start, past))
    if not found or past - found[-1].end() > 12:
        return None
    return found[-1].span()


def _swapped(text: str, marks: Marks) -> Iterator[Reading]:
    """Yield two pieces in the other order where the text says so."""
    for mark in marks.get("swap", ())[:1]:
        for match in _two.finditer(text, max(0, mark.start - told_within), mark.end + told_within):
            pieces = [match.span(2), match.span(1)]
            yield from _joined(text, pieces, _as_told(_said(text, mark)))


def over_lines(folded: Folded, marks: Marks) -> Iterator[Reading]:
    """Yield what a line ends and the next one begins with, where an app is named."""
    if "\n" not in folded.text or not marks.keys() & {"app", "copy", "passphrase"}:
        return
    text = folded.folded.text
    for match in _broken.finditer(text):
        start, past = folded.folded.span(match.end(1), match.start(2))
        if "\n" in folded.text[start:past]:
            pieces = [match.span(1), match.span(2)]
            yield from _joined(text, pieces, Evidence(EvidenceKind.torn, untold))


def _nearest(marks: Sequence[Mark], start: int, past: int) -> Mark | None:
    """Return the mark that is nearest to a span and near enough."""

    def distance(mark: Mark) -> int:
        return max(0, mark.start - past, start - mark.end)

    mark = min(marks, key=distance, default=None)
    return mark if mark and distance(mark) <= told_within else None


def _said(text: str, mark: Mark) -> str:
    return text[mark.start : mark.end]
