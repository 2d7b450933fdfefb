"""A whole pasted message becomes the share codes in it.

A code is found in spite of full-width and invisible characters, spaces or dots inside, emoji
around it and a lost delimiter, since its own arithmetic tells it from everything else: every
window of 11 base-58 characters is tried. What looks like a code but fits no key is named as a
look-alike, never resolved to another offer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from urllib.parse import unquote

import msgspec

from kouling.errors import LimitExceeded
from kouling.fold import Folded, View, fold
from kouling.ids import ItemId, id_length_max
from kouling.mint.alphabet import code_length, number_max, numbers_in, read_number
from kouling.mint.codec import KeyRing
from kouling.mint.records import FoundCode, Parsed

paste_length_max = 20_000
"""Code points in a pasted text."""

windows_max = 500
"""Windows tried in one view of a text: bounds both time and the chance of a false match."""

codes_max = 20
"""Codes reported from one text."""

_run = re.compile(r"[1-9A-HJ-NP-Za-km-z]{11,}")
_mistyped = re.compile(r"(?:〖[ ]?|/c/)([0-9A-Za-z]{6,16})(?![0-9A-Za-z])")
_lookalike = re.compile(r"[¥￥€$£(《][ ]?([0-9A-Za-z]{10,12})(?:[ ]?[¥￥€$£)》/?]|$)")
_link_code = re.compile(r"/c/([1-9A-Za-z]{11})(?![0-9A-Za-z])")
_link_item = re.compile(r"/c/(?P<code>[1-9A-Za-z]{11})\?i=(?P<item>[^\s&#]{1,384})")


def parse_text(text: str, ring: KeyRing) -> Parsed:
    """Return the codes of the ring in a pasted text, in order, and the look-alikes.

    Raises `LimitExceeded` for more than 20,000 code points. Spans are offsets in `text`.
    """
    if len(text) > paste_length_max:
        raise LimitExceeded(
            f"the text has {len(text)} characters", hint=f"paste at most {paste_length_max}"
        )
    folded = fold(text)
    found = codes_in(folded.folded, ring) or codes_in(folded.compact, ring)
    return Parsed(
        codes=tuple(_name_items(found, folded)),
        mistyped=_misfits(_mistyped, folded, found),
        lookalikes=_misfits(_lookalike, folded, found),
    )


def codes_in(
    view: View, ring: KeyRing, near: Sequence[tuple[int, int]] | None = None
) -> list[FoundCode]:
    """Return the codes of the ring in a view of a text; `compact` also shows those in pieces.

    With `near` only those that overlap such spans of the original are looked for. The gate asks
    here, too, so that it takes for ours what a paste resolves to.
    """
    found: list[FoundCode] = []
    taken: list[int] = []
    for start, number in _windows(view.text, None if near is None else _starts(view, near)):
        if any(abs(start - other) < code_length for other in taken):
            continue
        origin = ring.origin_of(number) if number <= number_max else None
        if origin is None:
            continue
        taken.append(start)
        first, last = view.span(start, start + code_length)
        code = view.text[start : start + code_length]
        found.append(
            FoundCode(code=code, issuer=origin.issuer, id=origin.id, start=first, end=last)
        )
        if len(found) == codes_max:
            break
    return found


def could_be_code(text: str) -> bool:
    """Say whether a text has the shape of our codes; only a key ring tells whether it is one."""
    return read_number(text) is not None


def linked_code(url: str) -> str:
    """Return what stands in the place of the share code in a link of ours, or nothing."""
    found = _link_code.search(url)
    return found[1] if found and could_be_code(found[1]) else ""


def _starts(view: View, near: Sequence[tuple[int, int]]) -> set[int]:
    """Return where windows of a view start that overlap spans of the original."""
    origins = range(view.original_length) if view.origins is None else view.origins
    places = ((bisect_left(origins, first), bisect_left(origins, past)) for first, past in near)
    return set(chain.from_iterable(range(one - code_length + 1, past) for one, past in places))


def _windows(text: str, wanted: set[int] | None) -> Iterator[tuple[int, int]]:
    """Give each window of 11 base-58 characters as a number, by where it starts.

    Runs of exactly 11 come first, as they are likely.
    """
    runs = sorted(_run.finditer(text), key=lambda run: (run.end() - run.start(), run.start()))
    windows = chain.from_iterable(
        enumerate(numbers_in(run.group()), run.start())
        if wanted is None
        else _some_windows(run, wanted)
        for run in runs
    )
    return islice(windows, windows_max)


def _some_windows(run: re.Match[str], wanted: set[int]) -> Iterator[tuple[int, int]]:
    starts = range(run.start(), run.end() - code_length + 1)
    for start in sorted(wanted.intersection(starts)):
        yield start, next(numbers_in(run.string[start : start + code_length]))


def _name_items(found: list[FoundCode], folded: Folded) -> Iterator[FoundCode]:
    items = {m["code"]: unquote(m["item"]) for m in _link_item.finditer(folded.text)}
    seen: set[str] = set()
    for code in sorted(found, key=lambda code: code.start):
        if code.code in seen:
            continue
        seen.add(code.code)
        item = items.get(code.code, "")
        named = item.isprintable() and 0 < len(item) <= id_length_max  # a link can be made up
        yield msgspec.structs.replace(code, item=ItemId(item)) if named else code


def _misfits(shape: re.Pattern[str], folded: Folded, found: list[FoundCode]) -> tuple[str, ...]:
    codes = {code.code for code in found}
    shapes = dict.fromkeys(match[1] for match in shape.finditer(folded.folded.text))
    return tuple(text for text in shapes if text not in codes)[:codes_max]
