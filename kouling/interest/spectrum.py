"""The directions in which tastes vary most: a truncated SVD of the likes, and items along it.

Randomised subspace iteration (Halko, Martinsson and Tropp 2011) on the likes divided by the
`spread` power of both ends' numbers of likes; the likes are only ever multiplied by.
"""

from __future__ import annotations

import numpy as np

from kouling.ids import random_bytes
from kouling.interest.arrays import Array
from kouling.interest.gram import BothWays, CandidatePairs, spread
from kouling.interest.native import native, over

bands = (64, 256, 512, 1_024)
"""Where the bands of the spectrum end; each has a weight of its own.

Chosen for gowalla, with `gram.wide_spread`; no other ends were noted.
"""

power_steps = 2
columns_at_once = 128
"""Columns that are multiplied together: bounds the memory by users."""

spare_columns = 20
"""As `power_steps`, of the range that Halko, Martinsson and Tropp recommend."""


def taste_directions(ways: BothWays, items: int, rank: int, *, seed: int) -> Array:
    """Return the `rank` first right singular vectors, float32 [items, rank].

    Deterministic for a seed. Fewer vectors where the likes have a lower rank.
    """
    width = min(rank + spare_columns, items)
    bits = np.frombuffer(random_bytes(seed)((items * width + 7) // 8), np.uint8)
    basis = np.unpackbits(bits)[: items * width].reshape(items, width).astype(np.float32)
    basis = _orthonormal(basis * 2 - 1)
    scales = _scales(ways, items)
    for _ in range(power_steps):
        basis = _orthonormal(_there_and_back(ways, scales, basis))
    turned = _there_and_back(ways, scales, basis)
    values, vectors = np.linalg.eigh((basis.T @ turned).astype(np.float64))
    top = np.argsort(-values)[:rank]
    top = top[values[top] > 1e-6 * max(values[top[0]], 1e-30)]
    return np.ascontiguousarray(basis @ vectors[:, top].astype(np.float32))


def add_bands(pairs: CandidatePairs, vectors: Array, first: int) -> None:
    """Fill in one feature a band: how alike two items are along the band's directions."""
    begin = 0
    for number, end in enumerate(bands):
        if begin >= vectors.shape[1]:
            break
        part = np.ascontiguousarray(vectors[:, begin:end])
        out = pairs.features[first + number]
        over(len(part), lambda low, high, p=part, o=out: _dots(pairs.other, p, o, (low, high)))  # type: ignore[misc]  # a lambda's defaults have no types
        begin = end


def _scales(ways: BothWays, items: int) -> tuple[Array, Array]:
    likes = np.maximum(np.diff(ways.column_start), 1), np.maximum(np.diff(ways.start), 1)
    by_item, by_user = (one.astype(np.float64) ** -spread for one in likes)
    return by_item.astype(np.float32)[:, None], by_user.astype(np.float32)[:, None]


def _there_and_back(ways: BothWays, scales: tuple[Array, Array], basis: Array) -> Array:
    """Multiply by the likes and by their transpose."""
    by_item, by_user = scales
    result = np.empty_like(basis)
    for begin in range(0, basis.shape[1], columns_at_once):
        part = basis[:, begin : begin + columns_at_once] * by_item
        users = _sums(ways.start, ways.item, part)
        users *= by_user**2
        result[:, begin : begin + columns_at_once] = (
            _sums(ways.column_start, ways.column_user, users) * by_item
        )
    return result


def _sums(start: Array, index: Array, source: Array) -> Array:
    out = np.zeros((len(start) - 1, source.shape[1]), np.float32)
    over(len(out), lambda begin, end: _add_rows(start, index, source, out, (begin, end)))
    return out


@native
def _add_rows(start: Array, index: Array, source: Array, out: Array, rows: tuple[int, int]) -> None:
    for row in range(rows[0], rows[1]):
        for at in range(start[row], start[row + 1]):
            other = index[at]
            for column in range(source.shape[1]):
                out[row, column] += source[other, column]


@native
def _dots(other: Array, vectors: Array, out: Array, rows: tuple[int, int]) -> None:
    for row in range(rows[0], rows[1]):
        for place in range(other.shape[1]):
            item = other[row, place]
            if item < 0:
                break
            total = np.float32(0)
            for column in range(vectors.shape[1]):
                total += vectors[row, column] * vectors[item, column]
            out[row, place] = total


def _orthonormal(columns: Array) -> Array:
    """Return an orthonormal basis of the columns' span, leaving out what is rounding error."""
    gram = (columns.T @ columns).astype(np.float64)
    values, vectors = np.linalg.eigh(gram)
    good = values > 1e-7 * values[-1]
    turn = vectors[:, good] / np.sqrt(values[good])
    basis: Array = columns @ turn.astype(np.float32)
    return basis
