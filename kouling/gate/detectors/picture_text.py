"""Share codes and links in pictures: in QR codes and in print.

What it finds:
    The text of a QR code, Aztec code, Data Matrix or PDF417 and of printed lines goes to the text's
    own detectors; their signals come back with the place in the picture. Lines are also joined
    where print runs on over them. Our own and partners' codes are found although letters were taken
    for others that look alike. A QR code that is seen and can't be read is `unsure`.

Why it matters:
    When text is policed, share codes move into pictures.

Example:
    A card that reads 复制这段描述￥a1B2c3D4e5F￥打开好店

Known misses:
    Handwriting, some text along a curve, striped codes and round ones. A bare run of letters and
    digits, without delimiters or wording, may be a model's name: it is `unsure`, for review.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from kouling.gate.detectors import Detectors
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.owner import owner_in
from kouling.gate.records import Party, Signal
from kouling.gate.text.lookalike import likely, tokens_in, tokens_max, wrapped_in
from kouling.gate.text.shape import randomness
from kouling.mint import KeyRing
from kouling.picture import Barcode, Box, Line, Look, alike_key, span_box

signals_max = 64
"""Signals reported of one picture, foreign ones first; what is left out is told."""

unsure_length_min, unsure_length_max = 8, 16
"""Letters of a bare token that is worth a look."""

random_min = 4.0
"""How random a bare token is that nobody wrote: 19 of 20 codes are, and few models' names."""

wrapped_confidence = 0.7
"""How sure a run between two signs makes, if nothing else speaks for it."""

unread_confidence = 0.3
"""How sure a barcode makes that can't be read."""

telling = frozenset(
    {
        EvidenceKind.between,
        EvidenceKind.after_prefix,
        EvidenceKind.after_search,
        EvidenceKind.beside_link,
        EvidenceKind.app_name,
        EvidenceKind.some_app,
        EvidenceKind.copy_wording,
        EvidenceKind.open_wording,
        EvidenceKind.find_wording,
        EvidenceKind.passphrase_wording,
    }
)
"""What tells a share code in print; its looks alone don't."""

_in_print = Evidence(EvidenceKind.in_print)


class Piece(NamedTuple):
    """A stretch of a joined text and the line that it was read from."""

    start: int
    end: int
    line: Line
    second: bool


class Sheet(NamedTuple):
    """Printed lines, joined to one text."""

    text: str
    pieces: tuple[Piece, ...]

    def box(self, start: int, end: int) -> tuple[int, int, int, int] | None:
        """Return the upright box around a stretch of the text."""
        boxes = [
            span_box(
                piece.line,
                max(start, piece.start) - piece.start,
                min(end, piece.end) - piece.start,
                second=piece.second,
            )
            for piece in self.pieces
            if start < piece.end and piece.start < end
        ]
        return _around(boxes)


def picture_text(
    look: Look, place: int, detectors: Detectors, ring: KeyRing | None
) -> tuple[Signal, ...]:
    """Return the signals of what was found in an item's picture of that place, from 1."""
    signals = [*_in_barcodes(look, detectors, ring)]
    signals += _in_lines(look.lines or (), detectors, ring)
    placed = [replace(signal, picture=place, start=0, end=0) for signal in _once(signals)]
    if len(placed) <= signals_max:
        return tuple(placed)
    why = Evidence(EvidenceKind.signals_left_out, about=str(signals_max))
    told = Signal(detector="picture", kind="not_inspected", evidence=(why,), picture=place)
    return (*sorted(placed, key=_is_ours)[:signals_max], told)


def _is_ours(signal: Signal) -> bool:
    return signal.party in (Party.own, Party.partner)


def _in_barcodes(look: Look, detectors: Detectors, ring: KeyRing | None) -> Iterator[Signal]:
    codes = [one for one in look.barcodes or () if one.text]
    found = detectors.inspect([code.text for code in codes], ring=ring)
    for code, signals in zip(codes, found, strict=True):
        for signal in signals:
            told = (*signal.evidence, Evidence(EvidenceKind.in_barcode, about=code.form))
            yield replace(signal, evidence=told, box=code.box.bounds())
    for code in look.barcodes or ():
        if not code.text:
            yield _unread(code)


def _unread(code: Barcode) -> Signal:
    """Return the signal of a barcode that is seen and can't be read."""
    return Signal(
        detector="picture_text",
        kind="unsure",
        confidence=unread_confidence,
        evidence=(Evidence(EvidenceKind.unread_barcode, about=code.form),),
        box=code.box.bounds(),
    )


def _in_lines(
    lines: Sequence[Line], detectors: Detectors, ring: KeyRing | None
) -> Iterator[Signal]:
    if not lines:
        return
    sheets = list(_sheets(lines))
    known = list(_known(sheets[:2], ring)) if ring else []
    yield from known
    taken = {signal.text for signal in known}
    found = []
    for number, signals in enumerate(detectors.inspect([p.text for p in sheets], ring=ring)):
        for signal in signals:
            if not any(code in signal.text for code in taken):
                found.append(_from_sheet(signal, sheets[number], joined=number > 1))
    yield from found
    taken |= {signal.code for signal in found if signal.kind == "share_code"}
    yield from _wrapped(sheets[1::-1], taken)  # the better reading first
    yield from _unsure(sheets[0], taken)


def _sheets(lines: Sequence[Line]) -> Iterator[Sheet]:
    """Yield the lines below each other, as either reader read them, then those that run on."""
    yield _joined(lines, "\n", second=False)
    if any(line.second for line in lines):
        yield _joined(lines, "\n", second=True)
    else:
        yield Sheet("", ())
    for second in (False, True):
        glued = _joined(lines, "", second=second)
        if any(_runs_on(*pair) for pair in pairwise(lines)):
            yield glued


def _runs_on(line: Line, following: Line) -> bool:
    """Whether a run of letters and digits may go on in the next line."""
    return line.text[-1:].isascii() and line.text[-1:].isalnum() and following.text[:1].isascii()


def _joined(lines: Sequence[Line], between: str, *, second: bool) -> Sheet:
    text, pieces = "", []
    for line in lines:
        chosen = line.second if second and line.second else line.text
        pieces.append(Piece(len(text), len(text) + len(chosen), line, second and bool(line.second)))
        text += chosen + between
    return Sheet(text, tuple(pieces))


def _known(sheets: Sequence[Sheet], ring: KeyRing) -> Iterator[Signal]:
    """Yield our own and partners' codes, also where a letter was taken for one like it."""
    tried: set[str] = set()
    for read in sheets:
        for piece in read.pieces:
            line = piece.line.second if piece.second else piece.line.text
            for token in tokens_in(line):
                if token in tried or len(tried) >= tokens_max:
                    continue
                tried.add(token)
                for code, (party, issuer) in likely(token, partial(owner_in, ring)):
                    yield Signal(
                        detector="picture_text",
                        kind="share_code",
                        party=party,
                        issuer=issuer,
                        text=token,
                        evidence=(Evidence(EvidenceKind.right_tag, about=issuer), _in_print),
                        code=code,
                        box=piece.line.box.bounds(),
                    )


def _from_sheet(signal: Signal, read: Sheet, *, joined: bool) -> Signal:
    """Return a signal with its place; what is bare or was only glued together is unsure."""
    told = (*signal.evidence, _in_print)
    bare = signal.kind == "share_code" and signal.detector == "share_code" and not _is_told(signal)
    placed = replace(signal, evidence=told, box=read.box(signal.start, signal.end))
    if signal.kind == "share_code" and bare:
        return replace(placed, kind="unsure", detector="picture_text")
    if joined:
        return replace(placed, evidence=(*told, Evidence(EvidenceKind.over_lines)))
    return placed


def _is_told(signal: Signal) -> bool:
    """Whether delimiters or wording speak for a share code, and not its looks alone."""
    known = signal.party in (Party.own, Party.partner)
    return known or any(one.kind in telling for one in signal.evidence)


def _wrapped(sheets: Sequence[Sheet], taken: set[str]) -> Iterator[Signal]:
    """Yield what stands between signs although it reads like words: a misread letter does that."""
    keys = {alike_key(code) for code in taken}
    for piece in (piece for read in sheets for piece in read.pieces):
        for code in wrapped_in(piece.line.second if piece.second else piece.line.text):
            if alike_key(code[1:-1]) not in keys:
                keys.add(alike_key(code[1:-1]))
                yield Signal(
                    detector="picture_text",
                    kind="share_code",
                    party=Party.foreign,
                    text=code,
                    confidence=wrapped_confidence,
                    evidence=(_between(code), _in_print),
                    code=code[1:-1],
                    box=piece.line.box.bounds(),
                )


def _between(code: str) -> Evidence:
    return Evidence(EvidenceKind.between, about=code[0], beside=code[-1])


def _unsure(read: Sheet, taken: set[str]) -> Iterator[Signal]:
    """Yield bare runs of digits and letters of both cases that nobody seems to have written."""
    for piece in read.pieces:
        for token in tokens_in(piece.line.second or piece.line.text):
            mixed = any(c.isdigit() for c in token) and token not in (token.lower(), token.upper())
            fits = unsure_length_min <= len(token) <= unsure_length_max
            if mixed and fits and token not in taken and randomness(token) >= random_min:
                yield Signal(
                    detector="picture_text",
                    kind="unsure",
                    text=token,
                    confidence=0.3,
                    evidence=(Evidence(EvidenceKind.bare_run), _in_print),
                    code=token,
                    box=piece.line.box.bounds(),
                )


def _once(signals: Sequence[Signal]) -> Iterator[Signal]:
    """Yield what several readings of the same print gave, each once, unsure ones last."""
    seen: set[tuple[str, str]] = set()
    for signal in sorted(signals, key=lambda one: one.kind == "unsure"):
        about = signal.code or signal.text or str(signal.box)
        key = about if signal.kind in ("share_code", "unsure") else f"{signal.kind} {about}"
        if (signal.issuer or "", key) not in seen and ("", key) not in seen:
            seen |= {(signal.issuer or "", key), ("", key)}
            yield signal


def _around(boxes: Sequence[Box]) -> tuple[int, int, int, int] | None:
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*(box.bounds() for box in boxes), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
