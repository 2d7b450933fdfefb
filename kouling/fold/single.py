"""Fold one text.

A text comes in, three views go out. `folded` is made at once, the others when asked for, and
no offsets are worked out before a span is.
"""

from __future__ import annotations

from functools import cached_property

from kouling.fold.layer import Layer, Offsets, compose
from kouling.fold.unicode_table import table
from kouling.fold.view import View


class Folded:
    """The three views of one text: `folded`, `compact` and `digits`."""

    def __init__(self, text: str, folded: View | None = None) -> None:
        self.text = text
        if folded is not None:
            self.folded = folded  # it was folded in a batch
        elif text.isascii() and text.isprintable():
            self.folded = View(text, len(text), lambda: None)
        else:
            layer = table().folded
            plain = text.replace("\n", " ")
            self.folded = View(layer.fold(plain), len(text), lambda: layer.origins(plain))

    @cached_property
    def compact(self) -> View:
        """Of `folded`, only letters, digits, Han and currency signs."""
        return self._from_folded(table().compact)

    @cached_property
    def digits(self) -> View:
        """`compact`, with Chinese digits, flipped letters and long shots read as ASCII."""
        return self._from_folded(table().digits)

    def part(self, start: int, end: int) -> Folded:
        """Return `text[start:end]`, folded; nothing is folded anew."""
        whole, origins = self.folded, self.folded.origins
        if origins is None:
            return Folded(self.text[start:end], View(whole.text[start:end], end - start, _none))
        first, past = origins.searchsorted((start, end)).tolist()
        shifted = origins[first:past] - start
        view = View(whole.text[first:past], end - start, lambda: shifted)
        return Folded(self.text[start:end], view)

    def _from_folded(self, layer: Layer) -> View:
        folded = self.folded

        def find_origins() -> Offsets | None:
            return compose(folded.origins, layer.origins(folded.text))

        return View(layer.fold(folded.text), len(self.text), find_origins)

    def __repr__(self) -> str:
        return f"Folded({self.text!r})"


def _none() -> None:
    """The origins of characters that are all in place."""


def fold(text: str) -> Folded:
    """Fold one text of any kind, lone surrogates included; time is linear in its length."""
    return Folded(text)
