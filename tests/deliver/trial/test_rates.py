"""Like rates and the bar."""

from hypothesis import given
from hypothesis import strategies as st

from kouling.deliver import trial


def test_with_few_that_finished_the_pooled_rate_is_the_bar() -> None:
    assert trial.bar_of([0.5] * 9, 0.05) == 0.05
    assert trial.bar_of([0.5] * 10, 0.05) == 0.5


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0.001, 0.5), st.floats(0.001, 0.999))
def test_a_sampled_rate_is_a_rate_and_grows_with_its_chance(
    shown: int, part: float, mean: float, chance: float
) -> None:
    liked = int(shown * part)
    low, high = trial.sample_rates([shown] * 2, [liked] * 2, mean, [chance / 2, chance])

    assert 0 <= low <= high <= 1
