"""Rows are made of features as the equation says."""

import numpy as np
import pytest

from kouling.interest import ModelKind, Parameters
from kouling.interest.filter import Ground, rows_of, sort_rows
from kouling.interest.gather import Rows
from kouling.interest.gram import CandidatePairs
from kouling.interest.records import Term

other = np.array([[1, 2, -1], [0, 2, -1], [0, -1, -1]], np.int32)
features = np.array(
    [
        [[4.0, 1.0, 0.0], [4.0, 2.0, 0.0], [1.0, 0.0, 0.0]],
        [[-1.0, 3.0, 0.0], [2.0, -2.0, 0.0], [3.0, 0.0, 0.0]],
    ],
    np.float32,
)
likes = np.array([8, 4, 2])
ground = Ground(CandidatePairs(other, features), ("one", "two"), likes, np.zeros(3))
terms = {
    "one": Term(weight=1.0, liker=0.5, target=0.25),
    "two": Term(weight=0.5, liker=0.0, target=0.5),
}


def by_hand(row: int, place: int) -> float:
    """A pair's value: each term times powers of likes, divided by the term's mean size."""
    value = 0.0
    for name, feature in zip(ground.names, features, strict=True):
        term, sizes = terms[name], 0.0
        for liked in range(3):
            for at, shown in enumerate(other[liked]):
                if shown >= 0:
                    loud = abs(feature[liked, at]) * likes[shown] ** -term.target
                    sizes += loud * likes[liked] ** (1 - term.liker)
        loud = feature[row, place] * likes[other[row, place]] ** -term.target
        value += term.weight * loud * likes[row] ** -term.liker / (sizes / likes.sum())
    return value


def test_rows_are_the_weighed_sum_of_their_terms() -> None:
    parameters = Parameters(kind=ModelKind.filter, terms=terms, keep=3)
    rows = rows_of(ground, parameters, {})

    assert rows.neighbours.tolist() == other.tolist()
    for row, place in np.argwhere(other >= 0):
        assert rows.weights[row, place] == pytest.approx(by_hand(row, place), rel=1e-5)


def test_the_strongest_are_kept_whatever_their_sign() -> None:
    one = Parameters(kind=ModelKind.filter, terms={"two": terms["two"]}, keep=1)
    rows = rows_of(ground, one, {})

    assert rows.neighbours[:, 0].tolist() == [2, 2, 0]
    assert rows.weights[1, 0] < 0


def test_what_weighs_nothing_changes_nothing() -> None:
    with_none = terms | {"two": Term(weight=0.0, liker=9.0, target=9.0)}
    alone = {"one": terms["one"]}
    found = [
        rows_of(ground, Parameters(kind=ModelKind.filter, terms=some, keep=3), {})
        for some in (with_none, alone)
    ]

    assert found[0].weights.tolist() == found[1].weights.tolist()


def test_sorted_rows_fall_and_end_as_they_did() -> None:
    rows = Rows(np.array([[5, 6, 7, -1]], np.int32), np.array([[1.0, 3.0, -2.0, 0.0]], "f4"))
    ranked = sort_rows(rows)

    assert ranked.neighbours.tolist() == [[6, 5, 7, -1]]
    assert ranked.weights.tolist() == [[3.0, 1.0, -2.0, 0.0]]
