"""Which items are candidates."""

import numpy as np
import pytest

from kouling.interest import (
    ground,
    like_matrix,
)
from kouling.interest.ground import GroundPlan, prepare


def test_rarity_puts_seldom_liked_candidates_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "candidates_of", lambda _: 1)
    # 0 is liked beside 1, which everyone likes, three times and beside 2 twice
    pairs = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 2), (4, 0), (4, 2)]
    pairs += [(user, item) for user in range(5, 40) for item in (1, 3)]
    user, item = np.array(pairs).T
    likes = like_matrix(user, item, shape=(40, 4), ordered=False)

    def candidate(rarity: float) -> int:
        plan = GroundPlan(filter=False, ease=False, rarity=rarity)
        return int(prepare(likes, plan).ground.pairs.other[0, 0])

    assert (candidate(0.0), candidate(1.0)) == (1, 2)
