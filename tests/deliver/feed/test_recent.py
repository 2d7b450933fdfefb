"""What was made is given again for a while."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import pytest

from kouling.deliver.feed import recent
from kouling.deliver.feed.recent import Recent

noon = datetime(2018, 5, 29, 4, tzinfo=UTC)


@pytest.fixture
def kept() -> Recent[str, int | None]:
    return Recent(timedelta(minutes=10))


def test_an_answer_is_made_once_until_it_is_old(kept: Recent[str, int | None]) -> None:
    made = count(1)
    later = [noon + timedelta(minutes=n) for n in (0, 9, 10, 11)]

    assert [kept.get("a", at, lambda: next(made)) for at in later] == [1, 1, 2, 2]


def test_an_answer_from_the_future_is_old_too(kept: Recent[str, int | None]) -> None:
    kept.get("a", noon, lambda: 1)

    assert kept.get("a", noon - timedelta(minutes=9), lambda: 2) == 1
    assert kept.get("a", noon - timedelta(minutes=10), lambda: 2) == 2


def test_nothing_is_an_answer_that_is_kept(kept: Recent[str, int | None]) -> None:
    assert kept.find("a", noon) is None
    assert kept.get("a", noon, lambda: None) is None
    assert kept.find("a", noon) == (None,)


def test_keys_have_answers_of_their_own_and_all_are_forgotten_when_there_are_too_many(
    kept: Recent[str, int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "kept_max", 2)
    for key, answer in (("a", 1), ("b", 2), ("c", 3)):
        kept.get(key, noon, partial(int, answer))

    assert [kept.find(key, noon) for key in "abc"] == [None, None, (3,)]
