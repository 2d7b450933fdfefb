"""A batch of texts in one view, joined for scanning in one go.

Folded code points come in; text, bytes and the way back to each text go out. The texts are
joined by newlines, and no text holds a newline of its own, so the joints are unmistakable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from kouling.errors import InvalidInput
from kouling.fold.layer import Codes, Offsets, decode
from kouling.fold.unicode_table import NEWLINE
from kouling.fold.view import View


class JoinedView:
    """A batch of texts in one view; offsets count code points unless said otherwise."""

    def __init__(
        self, codes: Codes, original: Codes, find_origins: Callable[[], Offsets | None]
    ) -> None:
        self.codes = codes
        self._original = original
        self._find_origins = find_origins

    @cached_property
    def text(self) -> str:
        """The texts in this view, joined by newlines."""
        return decode(self.codes)

    @cached_property
    def bytes(self) -> bytes:
        """The same in UTF-8, for scanners that read bytes."""
        return self.text.encode()

    @cached_property
    def origins(self) -> Offsets | None:
        """Where in the joined original each character was, or None where all are in place."""
        return self._find_origins()

    @cached_property
    def bounds(self) -> Offsets:
        """Where each text begins, and past the end where another would."""
        return bounds_of(self.codes)

    @cached_property
    def original_bounds(self) -> Offsets:
        """The same of the joined original."""
        return bounds_of(self._original)

    def locate(self, offset: int) -> tuple[int, int]:
        """Return which text an offset in `text` lies in, and the offset within that text.

        The newline after a text counts as its end. Raises InvalidInput outside of the batch.
        """
        if not 0 <= offset <= len(self.codes):
            raise InvalidInput(f"no offset {offset} in a batch of {len(self.codes)} characters")
        index = int(self.bounds.searchsorted(offset, side="right")) - 1
        return index, offset - int(self.bounds[index])

    def view(self, index: int) -> View:
        """Return one text of the batch in this view."""
        start, past = self.bounds[index : index + 2].tolist()
        base, original_past = self.original_bounds[index : index + 2].tolist()

        def find_origins() -> Offsets | None:
            # Where all are in place in the batch, they are in place in the text.
            return None if self.origins is None else self.origins[start : past - 1] - base

        text = decode(self.codes[start : past - 1])
        return View(text, original_past - base - 1, find_origins)

    def span(self, start: int, end: int) -> tuple[int, int, int]:
        """Return which text `text[start:end]` lies in, and its span in that text's original.

        Raises InvalidInput where the span reaches into another text.
        """
        (index, first), (last_index, last) = self.locate(start), self.locate(end)
        if index != last_index:
            raise InvalidInput(f"span {start}:{end} lies in more than one text of the batch")
        return index, *self.view(index).span(first, last)


def bounds_of(codes: Codes) -> Offsets:
    """Return where each line begins, and past the end where another would."""
    ends = np.flatnonzero(codes == NEWLINE)
    bounds = np.zeros(len(ends) + 2, dtype=np.int64)
    bounds[1:-1] = ends + 1
    bounds[-1] = len(codes) + 1
    return bounds
