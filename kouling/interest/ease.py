"""EASE: the item-item matrix that predicts each like best from the others, in closed form.

Steck, "Embarrassingly shallow autoencoders for sparse data" (2019): B = I - P / diag(P) with P the
inverse of the co-like matrix plus `ridge` on its diagonal. All items at once, so for small
catalogues only; it says below zero too what a like speaks against.
"""

from __future__ import annotations

import numpy as np

from kouling.interest.arrays import Array
from kouling.interest.gram import CandidatePairs
from kouling.interest.native import native, over

ease_items_max = 8_000
"""Items up to which the dense matrix is inverted: 256 MB and some seconds.

Inverting 6,710 items takes 8 CPU seconds.
"""


def ease_weights(gram: Array, ridge: float) -> Array:
    """Return B, float32 [liked, shown], zero on the diagonal; `gram` is left as it is."""
    from scipy.linalg import lapack

    matrix = np.array(gram, np.float32, order="F")
    matrix[np.diag_indices_from(matrix)] += ridge
    factor, failed = lapack.spotrf(matrix, lower=1, overwrite_a=1, clean=0)
    inverse, bad = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or bad:
        return np.zeros_like(gram)
    _mirror(inverse.T)
    weights = inverse.T
    weights /= -weights.diagonal().copy()
    np.fill_diagonal(weights, 0)
    return np.ascontiguousarray(weights)


@native
def _mirror(matrix: Array) -> None:
    """Copy the upper triangle to the lower one."""
    for row in range(len(matrix)):
        for column in range(row):
            matrix[row, column] = matrix[column, row]


def add_ease(pairs: CandidatePairs, weights: Array, which: int) -> None:
    """Fill in the feature: what EASE says of each pair."""
    out = pairs.features[which]
    over(len(weights), lambda low, high: _look_up(pairs.other, weights, out, (low, high)))


@native
def _look_up(other: Array, weights: Array, out: Array, rows: tuple[int, int]) -> None:
    for row in range(rows[0], rows[1]):
        for place in range(other.shape[1]):
            if other[row, place] < 0:
                break
            out[row, place] = weights[row, other[row, place]]
