"""Which trial a page gives a place."""

from collections import Counter
from datetime import timedelta

import pytest

from kouling.deliver import Stage, trial
from kouling.ids import random_bytes
from tests.conftest import noon
from tests.deliver.trial import of, viewer


def test_half_of_the_first_audience_is_kept_for_look_alikes() -> None:
    shown, counts = of(), Counter[bool]()
    for _ in range(50):
        found = trial.promised_place([shown], {shown.item: False}, viewer, noon)
        assert found is not None
        shown = trial.apply_step(shown, found[1])
        counts[found[1].alike] += 1

    assert counts == {False: 50}
    assert trial.promised_place([shown], {shown.item: False}, viewer, noon) is None
    found = trial.promised_place([shown], {shown.item: True}, viewer, noon)
    assert found is not None
    assert found[1].alike


@pytest.mark.parametrize(("alike", "later"), [(None, timedelta()), (False, timedelta(hours=25))])
def test_places_of_look_alikes_who_can_not_come_are_anybodys(
    alike: bool | None, later: timedelta
) -> None:
    shown = of(impressions=50, alike=0)
    found = trial.promised_place([shown], {shown.item: alike}, viewer, noon + later)

    assert found is not None
    assert not found[1].alike


def test_a_promise_comes_before_any_draw_and_the_nearest_to_its_end_first() -> None:
    running = [of("1", "a", impressions=20, alike=10), of("2", "b", impressions=60, alike=30)]
    found = trial.promised_place(running, {}, viewer, noon)

    assert found is not None
    assert found[0].item == "2"


def test_the_better_item_wins_most_draws() -> None:
    good = of("good", stage=Stage.second, impressions=100, likes=12)
    poor = of("poor", stage=Stage.second, impressions=100, likes=2)
    chance = random_bytes(1)
    wins = Counter(
        found[0].item
        for _ in range(300)
        if (found := trial.drawn_place([poor, good], 0.05, viewer, chance, noon))
    )

    assert wins[good.item] > 270
    assert wins.total() == 300


def test_one_seed_draws_the_same_items() -> None:
    running = [of(str(n), stage=Stage.second, impressions=100, likes=n) for n in range(10)]

    def drawn() -> list[object]:
        chance = random_bytes(7)
        return [trial.drawn_place(running, 0.05, viewer, chance, noon) for _ in range(20)]

    assert drawn() == drawn()
