"""Fold disguised text to plain text, and know where every character came from.

A text comes in, three views go out: `folded`, `compact` and `digits`. Every span in a view
leads back to the code points of the original. Folding looks at one character at a time, so a
text folds to the same whether it comes alone, in a batch, or in pieces.
"""

from kouling.fold.batch import FoldedBatch, fold_many
from kouling.fold.single import Folded, fold
from kouling.fold.unicode_table import table_version
from kouling.fold.view import View

__all__ = [
    "Folded",
    "FoldedBatch",
    "View",
    "fold",
    "fold_many",
    "table_version",
]
