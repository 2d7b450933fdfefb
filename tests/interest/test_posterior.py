"""Like rates under uncertainty."""

from __future__ import annotations

import numpy as np
import pytest

from kouling.interest import chance_above, rates_at


def test_without_likes_or_others_every_rate_is_as_likely() -> None:
    assert chance_above(0.25, 1, 1) == pytest.approx(0.75)


def test_a_rate_lies_above_its_own_median_half_of_the_time() -> None:
    (median,) = rates_at([0.5], [12.0], [30.5])
    assert chance_above(median, 12.0, 30.5) == pytest.approx(0.5)


def test_even_chances_draw_rates_around_the_share_of_likes() -> None:
    chances = (np.arange(999) + 0.5) / 999
    drawn = rates_at(chances, 30.0, 70.0)
    assert np.all(np.diff(drawn) > 0)
    assert drawn.mean() == pytest.approx(0.3, abs=1e-4)
