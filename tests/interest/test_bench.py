"""On what parameters are tried."""

import pytest

from kouling.interest import (
    bench,
)
from kouling.interest.ground import GroundPlan
from tests.interest.tastes import likes_of_groups


def test_few_candidates_are_chosen_by_what_they_promise_on_all_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "few", 2.0)
    monkeypatch.setattr(bench, "_promise", lambda tried: tried.layout.rarity)
    likes, plan = likes_of_groups(), GroundPlan(ease=False)

    def rarities(*, settled: bool) -> list[float]:
        return [one.layout.rarity for one in bench.benches_of(likes, plan, settled=settled)]

    assert rarities(settled=False) == [max(bench.rarities)] * bench.folds_max
    assert rarities(settled=True) == [plan.rarity] * bench.folds_max
