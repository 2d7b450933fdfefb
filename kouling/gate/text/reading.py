"""The ways to read a text: as it stands, and with disguises undone.

A folded text comes in, `Reading`s come out; each knows which folded characters every one of its
own came from. All regexes here are linear: repeats are bounded or can't overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import numpy as np

from kouling.fold import Folded, View
from kouling.gate.evidence import Evidence, EvidenceKind

regions_max = 40
"""Disguised regions taken from one text."""

_apart = re.compile(r"(?:[!-~]{1,4}[^!-~\n]{1,3}){3,200}[!-~]{1,4}")
_singly = re.compile(r"(?:[!-~]{1,4}[^!-~\n]){3,}[!-~]{1,4}")


def _every_few(size: int, least: int) -> re.Pattern[str]:
    """Return a regex for the same separator behind every `size` characters."""
    return re.compile(
        rf"(?P<head>[^\n]{{1,{size}}}?)(?P<gap>[^A-Za-z0-9\n]{{1,3}})"
        rf"(?:[^\n]{{{size}}}(?P=gap)){{{least},200}}+(?:(?!(?P=gap))[^\n]){{0,{size}}}"
    )


_every = tuple((size, _every_few(size, least)) for size, least in ((1, 5), (2, 3), (3, 2), (4, 2)))
_periods = range(2, 8)
_is_sign = np.array([not (chr(code).isalnum() and code < 128) for code in range(129)])
_percent = re.compile(r"[!-~]{0,200}?%[0-9A-Fa-f]{2}[!-~]{0,600}")
_percent_piece = re.compile(r"(?:%[0-9A-Fa-f]{2})+|[^%]+|%")
_backwards = re.compile(r"[!-~]{3,200}[/\\]{2}:?s?ptth", re.IGNORECASE)
numerals = "零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖"
"""Chinese digits, plain and formal."""

_digit_between = re.compile(f"[A-Za-z0-9][{numerals}]{{1,4}}[A-Za-z0-9]|[ɐ-ʯ]")
_flipped = re.compile("[ɐ-ʯ]")
_turned = str.maketrans("bdpqnu", "qpdbun")


class Reading(NamedTuple):
    """One way to read a text.

    Character i of `text` came from the folded characters `starts[i]` up to `ends[i]`; both are
    None for the text as it stands. `disguise` says what was undone, and weighs how much that
    alone speaks for something to hide.
    """

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    disguise: Evidence | None = None

    @property
    def is_told(self) -> bool:
        """Whether the text tells how to read it so, or nothing else can be meant."""
        return bool(self.disguise and self.disguise.weight)

    @property
    def deliberate(self) -> float:
        """What a disguise weighs that nobody writes by accident: a sign behind every letter."""
        how = self.disguise
        return (
            how.weight if how and how.kind is EvidenceKind.separated and how.weight > 1.5 else 0.0
        )

    def undone(self) -> tuple[Evidence, ...]:
        """Return how it was read, where that weighs nothing; nothing if it stands as read."""
        how = self.disguise
        return (Evidence(how.kind, about=how.about),) if how else ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the folded text of a span in this reading."""
        if self.starts is None:
            return start, end
        ends = self.ends[start:end] if self.ends else [max(self.starts[start:end]) + 1]
        return min(self.starts[start:end]), max(ends)


def readings_of(folded: Folded) -> Iterator[Reading]:
    """Yield the text respelt and as it stands, and regions that are encoded or backwards."""
    text = folded.folded.text
    yield from _respelled(folded)
    yield Reading(text)
    yield from _percent_encoded(text)
    yield from _reversed(text)


def joined(folded: str) -> Iterator[Reading]:
    """Yield regions of a text that are torn to pieces, put together again."""
    yield from _evenly_spread(folded)
    yield from _spread(folded)


def _respelled(folded: Folded) -> Iterator[Reading]:
    """Yield the text with Chinese digits and flipped letters read as ASCII, if it has any."""
    text = folded.folded.text
    if text.isascii() or not _digit_between.search(text):
        return
    plain = _overlaid(folded.folded, folded.digits)
    places = range(len(text))
    yield Reading(plain, places, None, Evidence(EvidenceKind.respelled, 0.3))
    if not _flipped.search(text):
        return
    # Upside down, b is q and d is p: letters that the table can't know to be flipped.
    turned = plain.translate(_turned)
    yield Reading(turned, places, None, Evidence(EvidenceKind.flipped, 0.3))
    yield from _reversed(turned)


def _overlaid(folded: View, digits: View) -> str:
    """Return the folded text with every character that `digits` reads as ASCII."""
    origins = range(folded.original_length) if folded.origins is None else folded.origins
    at = {int(origin): place for place, origin in reversed(list(enumerate(origins)))}
    characters = list(folded.text)
    picks = range(digits.original_length) if digits.origins is None else digits.origins
    for character, origin in zip(digits.text, picks, strict=False):
        place = at[int(origin)]
        if character.isascii() and not characters[place].isascii():
            characters[place] = character
    return "".join(characters)


def _evenly_spread(folded: str) -> Iterator[Reading]:
    """Every first, second, third or fourth character followed by the same separator."""
    sizes = _sizes_in(folded)
    for size, regex in _every if sizes else ():
        if size not in sizes:
            continue
        for match in regex.finditer(folded):
            starts = _kept(match, size)
            joined = "".join(map(folded.__getitem__, starts))
            weight = (1.6, 1.0, 0.6, 0.3)[size - 1]
            gap = Evidence(EvidenceKind.separated, weight, match["gap"])
            yield Reading(joined, starts, None, gap)


def _kept(match: re.Match[str], size: int) -> list[int]:
    """Return where the characters stand that are not of the separator."""
    first, past = match.end("gap"), match.end()
    step = size + first - match.start("gap")
    whole = max(0, (past - first - size) // step + 1)
    pieces = zip(
        *(range(first + at, first + whole * step, step) for at in range(size)), strict=True
    )
    return [
        *range(match.start(), match.end("head")),
        *chain.from_iterable(pieces),
        *range(first + whole * step, past),
    ]


def _sizes_in(folded: str) -> set[int]:
    """Return how long the pieces may be between which the same signs stand three times.

    That is quickly seen: at some distance the same signs stand again, and so many in a row.
    """
    codes = np.frombuffer(folded.encode("utf-32-le"), dtype="<u4")
    signs = _is_sign.take(np.minimum(codes, 128))
    found = set()
    for period in _periods:
        again = (codes[:-period] == codes[period:]) & signs[:-period]
        thrice = again[:-period] & again[period:]
        for gap in range(1, 4):
            if not thrice.any():
                break
            found.add(period - gap)
            thrice = thrice[:-1] & thrice[1:]
    return found


def _spread(folded: str) -> Iterator[Reading]:
    """ASCII in small pieces with anything else between them."""
    for region in _apart.finditer(folded):
        # Where one character separates, two of them are a space between two things.
        for match in list(_singly.finditer(region.group())) or [region]:
            offset = region.start() if match is not region else 0
            text = match.group()
            kept = [place for place, character in enumerate(text) if "!" <= character <= "~"]
            joined = "".join(text[place] for place in kept)
            starts = [offset + match.start() + place for place in kept]
            weight = 1.0 if len(kept) <= 0.6 * len(text) else -0.3
            yield Reading(joined, starts, None, Evidence(EvidenceKind.torn, weight))


def _percent_encoded(folded: str) -> Iterator[Reading]:
    for match in _percent.finditer(folded) if "%" in folded else ():
        decoded, starts, ends = "", list[int](), list[int]()
        for piece in _percent_piece.finditer(match.group()):
            at, end = match.start() + piece.start(), match.start() + piece.end()
            step = 3 if len(piece.group()) > 1 and piece.group()[0] == "%" else 1
            plain = unquote_to_bytes(piece.group()).decode("utf-8", "replace")
            decoded += plain
            # A character of several bytes stands for several triples; the last takes the rest.
            starts += (min(at + step * count, end - step) for count in range(len(plain)))
            ends += (at + step * (count + 1) for count in range(len(plain) - 1))
            ends.append(end)
        if decoded.isprintable():
            yield Reading(decoded, starts, ends, Evidence(EvidenceKind.percent_encoded, 0.3))


def _reversed(folded: str) -> Iterator[Reading]:
    for match in _backwards.finditer(folded) if "ptth" in folded.lower() else ():
        places = range(match.end() - 1, match.start() - 1, -1)
        yield Reading(match.group()[::-1], places, None, Evidence(EvidenceKind.backwards, 1.5))
