"""What one view makes of every code point, and how whole texts go through it.

Code points come in, new code points go out, each from one of the old. A character's folding
never depends on its neighbours, so any text takes time linear in what goes in and comes out.
"""

from __future__ import annotations

from functools import cache, cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.bool_] | npt.NDArray[np.int64]
Offsets = npt.NDArray[np.int64]

CODE_POINTS = 0x110000
# The expansion that every layer begins with is the empty one.
DROP = CODE_POINTS
# Up to this length a text goes through faster character by character than as an array.
SHORT_TEXT_MAX = 80
# Up to so many characters that vanish or expand are faster dealt with one by one.
FEW_MAX = 40
# So much is expanded at a time: what it becomes stays in the processor's cache.
PART_LENGTH = 2_048
_BASIC_PLANE = 0x10000


class Layer:
    """One table of the fold.

    `lut[cp]` is the new code point, or `CODE_POINTS + k` for the k-th of `expansions`, the
    0-th of which is empty.
    """

    def __init__(self, lut: Codes, expansions: list[list[int]]) -> None:
        self._lut = lut
        self._lengths = np.array([len(codes) for codes in expansions], dtype=np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._pool = np.array(list(chain.from_iterable(expansions)), dtype=np.uint32)
        self._expansions = [np.array(codes, dtype=np.uint32) for codes in expansions]

    def apply(self, codes: Codes) -> Codes:
        """Return the new code points."""
        new = self._lut.take(codes)
        if not new.size or int(new.max()) < CODE_POINTS:
            return new
        if len(self._lengths) == 1:
            return new.compress(new != DROP)
        places = np.flatnonzero(new >= CODE_POINTS)
        if len(places) <= FEW_MAX:
            return self._expand_few(new, places)
        starts = range(0, len(new), PART_LENGTH)
        return np.concatenate([self._expand(new[at : at + PART_LENGTH]) for at in starts])

    def counts(self, codes: Codes) -> Counts | None:
        """Return how many new code points each of the old becomes, None where each becomes one."""
        new = self._lut.take(codes)
        if not new.size or int(new.max()) < CODE_POINTS:
            return None
        if len(self._lengths) == 1:
            kept: Counts = new != DROP
            return kept
        counts = np.ones(len(new), dtype=np.int64)
        places = np.flatnonzero(new >= CODE_POINTS)
        counts[places] = self._lengths.take(new.take(places).astype(np.int64) - CODE_POINTS)
        return counts

    def _expand_few(self, new: Codes, places: Offsets) -> Codes:
        pieces, read = list[Codes](), 0
        for place, entry in zip(places.tolist(), new.take(places).tolist(), strict=True):
            pieces += (new[read:place], self._expansions[entry - CODE_POINTS])
            read = place + 1
        return np.concatenate((*pieces, new[read:]))

    def _expand(self, new: Codes) -> Codes:
        places = np.flatnonzero(new >= CODE_POINTS)
        entries = new.take(places).astype(np.int64) - CODE_POINTS
        lengths = self._lengths.take(entries)
        counts = np.ones(len(new), dtype=np.int64)
        counts[places] = lengths
        out = new.repeat(counts)
        # Work on the few expansions alone: where each begins in the output, and how far
        # into its expansion each new character is.
        before = np.cumsum(lengths) - lengths
        first = places + before - np.arange(len(places))
        place = np.arange(int(lengths.sum()))
        out[(first - before).repeat(lengths) + place] = self._pool.take(
            (self._starts.take(entries) - before).repeat(lengths) + place
        )
        return out

    def fold(self, text: str) -> str:
        """Return one text in this layer."""
        if len(text) <= SHORT_TEXT_MAX:
            return text.translate(self._by_character)
        return decode(self.apply(encode(text)))

    def origins(self, text: str) -> Offsets | None:
        """Return, for each character of the folded text, the offset in `text` it came from."""
        return origins_of(self.counts(encode(text)))

    def fold_one(self, code_point: int) -> str:
        """Return what becomes of one code point."""
        return decode(self.apply(np.array([code_point], dtype=np.uint32)))

    @cached_property
    def _by_character(self) -> _ByCharacter:
        # The layers share the numbers, for the sake of the processor's cache.
        numbers = _basic_plane()
        mapping = _ByCharacter(zip(numbers, numbers, strict=True))
        mapping.layer = self
        basic = self._lut[:_BASIC_PLANE]
        mapping.update(dict.fromkeys(np.flatnonzero(basic == DROP).tolist(), ""))
        changed = (basic != DROP) & (basic != np.arange(_BASIC_PLANE))
        for code_point in np.flatnonzero(changed).tolist():
            mapping[code_point] = self.fold_one(code_point)
        return mapping


class _ByCharacter(dict[int, int | str]):
    """A layer in the form `str.translate` takes: the basic plane is stored, the rest asked."""

    layer: Layer

    def __missing__(self, code_point: int) -> str:
        return self.layer.fold_one(code_point)


@cache
def _basic_plane() -> list[int]:
    return list(range(_BASIC_PLANE))


def origins_of(counts: Counts | None) -> Offsets | None:
    """Return where each new character came from, by how many each old one became."""
    if counts is None:
        return None
    if counts.dtype == np.bool_:
        return np.flatnonzero(counts)
    return np.arange(len(counts)).repeat(counts)


def compose(origins: Offsets | None, further: Offsets | None) -> Offsets | None:
    """Return the origins of characters that went through two layers."""
    if origins is None or further is None:
        return further if origins is None else origins
    return origins.take(further)


def decode(codes: Codes) -> str:
    """Return the text of an array of code points."""
    return str(codes.data, "utf-32-le")


def encode(text: str) -> Codes:
    """Return the code points of a text, lone surrogates among them."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
