"""Words, names and numbers that follow each other are no code in pieces.

A folded text and a reading that puts pieces of it together come in; whether the pieces are such
goes out. A torn code has pieces that are none: a7K, qZ9. What is cut out of a longer word is no
piece of a code, and pairs of hexadecimal digits are an address of a network card or a hash.
"""

from __future__ import annotations

import re
from itertools import pairwise

from kouling.gate.text.reading import Reading
from kouling.gate.text.token import is_plain

plain_part_min = 0.8
"""Part of the letters that stand in words and numbers, from which on all is taken for such."""

piece_length_min = 2
"""Letters of the shortest piece that counts as a word; single ones are what tearing leaves."""

_hexadecimal = re.compile("[0-9A-Fa-f]+")
_letters = re.compile("[A-Za-z0-9]+")


def is_of_words(folded: str, reading: Reading) -> bool:
    """Say whether a reading puts together what stood there as words, names and numbers."""
    if reading.starts is None:
        return False
    pieces = [folded[first:past] for first, past in _runs(folded, list(reading.starts))]
    words = [word for piece in pieces for word in _letters.findall(piece)]
    total = sum(map(len, words))
    longer = [word for word in words if len(word) >= piece_length_min]
    if all(map(_hexadecimal.fullmatch, longer)) and sum(map(len, longer)) == total:
        return True
    return sum(len(word) for word in longer if is_plain(word)) >= plain_part_min * total


def _runs(folded: str, places: list[int]) -> list[tuple[int, int]]:
    """Return the spans of the pieces, those at the ends widened to the words they are cut from."""
    breaks = [n for n, (one, other) in enumerate(pairwise(places), 1) if other != one + 1]
    spans = [
        (places[first], places[past - 1] + 1)
        for first, past in zip([0, *breaks], [*breaks, len(places)], strict=True)
    ]
    (start, first_past), (last_start, past) = spans[0], spans[-1]
    if len(spans) > 1 and first_past - start >= piece_length_min:
        spans[0] = (_word_start(folded, start), first_past)
    if len(spans) > 1 and past - last_start >= piece_length_min:
        spans[-1] = (last_start, _word_end(folded, past))
    return spans


def _word_start(folded: str, place: int) -> int:
    while place and _is_inside(folded[place - 1]) and _is_inside(folded[place]):
        place -= 1
    return place


def _word_end(folded: str, place: int) -> int:
    while place < len(folded) and _is_inside(folded[place]) and _is_inside(folded[place - 1]):
        place += 1
    return place


def _is_inside(character: str) -> bool:
    return character.isascii() and character.isalnum()
