"""Whether a text in which a trigger fired is worth reading closely.

A folded text comes in, yes or no goes out. Short words, names and numbers fire triggers
everywhere in prose, code and logs; here they count only as what they could be at best: a token
that its looks and signs make heavy, also when it is put together from pieces. So reading costs
where there is something to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kouling.gate.text.reading import Reading, joined
from kouling.gate.text.scan import Scanner, Sorter
from kouling.gate.text.shape import token_length_max
from kouling.gate.text.token import holds_heavy_token, is_heavy, is_plain, signs_around

_row = re.compile(
    r"[A-Za-z0-9](?<![A-Za-z0-9].)[A-Za-z0-9]{0,3}"
    r"(?:[^A-Za-z0-9\n]{1,3}[A-Za-z0-9]{1,4}(?![A-Za-z0-9])){2,}+"
)
_piece = re.compile("[A-Za-z0-9]+")
_between = re.compile("[^A-Za-z0-9]+")
_mixing = re.compile("[A-Za-z][0-9]+[A-Za-z]|[a-z][A-Z](?![a-z])")
_mixed = re.compile("[a-z][A-Z0-9]|[0-9][A-Za-z]|[A-Z][0-9]")


class Scans(NamedTuple):
    """What scans a text for triggers of one kind.

    That is telling ones, words to mend by, codes of our own, single letters and short pieces in a
    row, and signs of what the detectors know.
    """

    telling: Scanner
    mending: Sorter
    own: Scanner
    singly: Scanner
    rows: Scanner
    signs: Sorter


class Worth:
    """What makes a text worth reading: telling signs, heavy tokens, pieces of either."""

    def __init__(self, scans: Scans, known_lengths: frozenset[int]) -> None:
        self._scans, self._known_lengths = scans, known_lengths

    def of_whole(self, folded: str, has_ring: bool) -> bool:
        """Say whether a short text is worth reading; with a key ring, what may be a code of it."""
        return (has_ring and self._scans.own.fires(folded.encode())) or self.of_piece(folded)

    def of_piece(self, folded: str, own: Callable[[], Sequence[str]] = tuple) -> bool:
        """Say whether a piece of a long text is; `own` gives the codes of the ring in the text."""
        data = folded.encode()
        return (
            bool(self._scans.signs.which(data))
            or self._scans.telling.fires(data)
            or (bool(self._scans.mending.which(data)) and _holds_mixed_letters(folded))
            or any(code in folded for code in own())
            or holds_heavy_token(folded, self._known_lengths)
            or (self._scans.rows.fires(data) and self._holds_heavy_row(folded))
            or (self._scans.singly.fires(data) and self._is_worth_joining(folded))
        )

    def _is_worth_joining(self, folded: str) -> bool:
        return any(map(self.of_reading, joined(folded)))

    def of_reading(self, reading: Reading) -> bool:
        """Say whether pieces that were put together are worth reading."""
        return holds_heavy_token(reading.text, self._known_lengths, reading.deliberate) or bool(
            self._scans.signs.which(reading.text.encode())
        )

    def _holds_heavy_row(self, folded: str) -> bool:
        """Whether short pieces that follow each other are heavy enough once they are joined."""
        return any(
            is_heavy(token, signs_around(folded, *row.span()).weight, self._known_lengths)
            for row in _row.finditer(folded)
            for token in _tokens_of(_piece.findall(row.group()))
        )


def _holds_mixed_letters(folded: str) -> bool:
    """Whether letters and digits follow each other, whatever is between, as in no prose."""
    return bool(_mixing.search(_between.sub("", folded)))


def _tokens_of(pieces: list[str]) -> Iterator[str]:
    """Yield what pieces are together; of more than make a token, those that follow a first one."""
    if not any(map(_mixed.search, pieces)) and max(map(len, pieces)) > 2:
        return
    for first in range(len(pieces)):
        token, past = "", first
        while past < len(pieces) and len(token) + len(pieces[past]) <= token_length_max:
            token += pieces[past]
            past += 1
        if not is_plain(token):
            yield token
        if past == len(pieces):
            return
