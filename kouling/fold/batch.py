"""Fold a whole batch of texts at once.

Texts come in, three joined views go out. The texts are joined first, so that the work is a few
array operations for all of them together; 100 short texts are enough for full speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from kouling.fold.joined import JoinedView
from kouling.fold.layer import Codes, Layer, Offsets, compose, encode, origins_of
from kouling.fold.single import Folded
from kouling.fold.unicode_table import table


class FoldedBatch:
    """The three views of a batch of texts; `batch[i]` is the i-th text by itself.

    Each text is folded once, whether it is asked for in the batch, by itself, or both.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._singles: dict[int, Folded] = {}

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, index: int) -> Folded:
        found = self._singles.get(index)
        if found is None:
            view = self.folded.view(index) if "folded" in self.__dict__ else None
            found = self._singles[index] = Folded(self.texts[index], view)
        return found

    @cached_property
    def _codes(self) -> Codes:
        joined = "\n".join(self.texts)
        if joined.count("\n") >= max(len(self.texts), 1):
            # A newline inside a text would pass for the joint between two.
            joined = "\n".join([text.replace("\n", " ") for text in self.texts])
        return encode(joined)

    @cached_property
    def folded(self) -> JoinedView:
        """The texts in plain characters, one for each that shows."""
        layer, codes = table().folded, self._codes
        return JoinedView(layer.apply(codes), codes, lambda: origins_of(layer.counts(codes)))

    @cached_property
    def compact(self) -> JoinedView:
        """Of `folded`, only letters, digits, Han and currency signs."""
        return self._from_folded(table().compact)

    @cached_property
    def digits(self) -> JoinedView:
        """`compact`, with Chinese digits, flipped letters and long shots read as ASCII."""
        return self._from_folded(table().digits)

    def _from_folded(self, layer: Layer) -> JoinedView:
        folded = self.folded

        def find_origins() -> Offsets | None:
            return compose(folded.origins, origins_of(layer.counts(folded.codes)))

        return JoinedView(layer.apply(folded.codes), self._codes, find_origins)


def fold_many(texts: Sequence[str]) -> FoldedBatch:
    """Fold a batch of texts; each folds exactly as `fold` does alone."""
    return FoldedBatch(texts)
