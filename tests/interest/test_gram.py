"""What is counted of pairs of likes."""

import numpy as np
import pytest

from kouling.interest import (
    like_matrix,
)
from kouling.interest.ground import GroundPlan, prepare


def test_order_counts_who_is_liked_after_and_who_nearby() -> None:
    likes = like_matrix(np.zeros(3, int), np.array([2, 0, 1]), shape=(1, 3), ordered=True)
    pairs, names, *_ = prepare(likes, GroundPlan(filter=False, ease=False, order=True)).ground

    def count(name: str, liked: int, shown: int) -> float:
        place = pairs.other[liked].tolist().index(shown)
        return float(pairs.features[names.index(name), liked, place])

    says = 3**-0.68
    assert count("after", 2, 1) == pytest.approx(says * np.exp(-2 / 50))
    assert count("after", 1, 2) == 0
    assert count("beside", 2, 1) == count("beside", 1, 2) == pytest.approx(says / (1 + 2 / 10))
    assert count("beside", 0, 1) == pytest.approx(says / (1 + 1 / 10))
