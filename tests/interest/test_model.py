"""One contract for every kind of model, asked by its front door."""

import threading

import numpy as np
import pytest

from kouling.errors import InvalidInput, LimitExceeded, NotFound
from kouling.interest import (
    LikeMatrix,
    Model,
    ModelKind,
    Options,
    fit_model,
)
from tests.interest.tastes import groups, likes_of_groups, shelf


@pytest.fixture(scope="module")
def likes() -> LikeMatrix:
    return likes_of_groups()


@pytest.fixture(scope="module", params=list(ModelKind))
def model(request: pytest.FixtureRequest, likes: LikeMatrix) -> Model:
    return fit_model(likes, Options(kind=request.param))


@pytest.fixture(scope="module")
def filtered(likes: LikeMatrix) -> Model:
    return fit_model(likes, Options(kind=ModelKind.filter))


class TestEveryKind:
    def test_is_what_was_asked_for(self, model: Model, likes: LikeMatrix) -> None:
        assert (model.kind, len(model)) == (model.manifest.kind, likes.items)
        assert model.manifest.likes == len(likes)

    def test_recommends_as_many_as_asked_best_first_and_none_twice(
        self, model: Model, likes: LikeMatrix
    ) -> None:
        found = model.recommend(likes.of(0), 15)

        assert len(found.items) == len(set(found.items.tolist())) == 15
        assert (np.diff(found.scores) <= 0).all()

    def test_never_recommends_a_like_or_what_is_excluded(
        self, model: Model, likes: LikeMatrix
    ) -> None:
        barred = np.arange(0, likes.items, 3)
        found = model.recommend(likes.of(0), likes.items, exclude=barred)

        assert not set(found.items.tolist()) & {*likes.of(0).tolist(), *barred.tolist()}
        assert len(found.items) == likes.items - len({*likes.of(0).tolist(), *barred.tolist()})

    def test_gives_a_new_user_the_favourites(self, model: Model, likes: LikeMatrix) -> None:
        found = model.recommend(np.array([], int), 5)
        counts = np.bincount(likes.item, minlength=likes.items)

        assert counts[found.items].tolist() == sorted(counts, reverse=True)[:5]
        assert (found.because == -1).all()

    def test_because_is_a_like_whose_row_holds_the_item(
        self, model: Model, likes: LikeMatrix
    ) -> None:
        history = likes.of(3)
        found = model.recommend(history, 20)
        for item, score, because in zip(*found, strict=True):
            assert (because == -1) == (score == 0)
            if because >= 0:
                assert because in history
                assert item in model.neighbours[because]

    def test_answers_the_same_again(self, model: Model, likes: LikeMatrix) -> None:
        first, again = (model.recommend(likes.of(1), 10) for _ in range(2))

        assert all((one == other).all() for one, other in zip(first, again, strict=True))

    def test_a_like_given_twice_counts_once(self, model: Model, likes: LikeMatrix) -> None:
        history = likes.of(2)
        once, twice = model.recommend(history, 10), model.recommend(np.tile(history, 2), 10)

        assert once.items.tolist() == twice.items.tolist()
        assert once.because.tolist() == twice.because.tolist()

    @pytest.mark.parametrize("item", [-1, groups * shelf])
    def test_an_unknown_item_is_not_found(self, model: Model, item: int) -> None:
        with pytest.raises(NotFound, match=str(item)):
            model.recommend(np.array([0, item]), 5)
        with pytest.raises(NotFound):
            model.similar_items(item)

    def test_asks_for_a_sensible_number(self, model: Model) -> None:
        with pytest.raises(InvalidInput):
            model.recommend(np.array([0]), 0)
        with pytest.raises(LimitExceeded):
            model.recommend(np.array([0]), 1_001)

    def test_similar_items_come_best_first(self, model: Model) -> None:
        found = model.similar_items(0, 8)

        assert (np.diff(found.scores) <= 0).all()
        assert 0 not in found.items


def test_many_threads_get_what_one_would(filtered: Model, likes: LikeMatrix) -> None:
    wanted = [filtered.recommend(likes.of(user), 10).items.tolist() for user in range(likes.users)]
    found: list[list[list[int]]] = [[] for _ in range(6)]

    def ask(place: int) -> None:
        for user in range(likes.users):
            found[place].append(filtered.recommend(likes.of(user), 10).items.tolist())

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [wanted] * 6


def test_a_million_likes_of_one_user_are_served_from_the_latest(filtered: Model) -> None:
    old, new = np.full(1_000_000, 25), np.arange(5)
    found = filtered.recommend(np.concatenate([old, new]), 10)

    assert (found.items < shelf).mean() > 0.5
    assert not set(found.items.tolist()) & {25, *new.tolist()}


def test_similar_items_stand_on_the_same_shelf(filtered: Model) -> None:
    own = [(filtered.similar_items(item, 5).items // shelf == item // shelf) for item in range(100)]

    assert np.mean(own) > 0.95
