"""The models that a fit makes, and which it refuses."""

import msgspec
import numpy as np
import pytest

from kouling.errors import Conflict, InvalidInput
from kouling.interest import (
    Model,
    ModelKind,
    Quality,
    fit_model,
    like_matrix,
)
from tests.interest.tastes import likes_of_groups, shelf


@pytest.fixture(scope="module")
def tastes() -> Model:
    return fit_model(likes_of_groups())


def test_the_fit_finds_tastes_by_itself(tastes: Model) -> None:
    assert tastes.kind is not ModelKind.popularity
    found = tastes.recommend(np.arange(4), 10)
    assert (found.items < shelf).all()


def test_the_same_likes_and_seed_give_the_same_model(tastes: Model) -> None:
    again = fit_model(likes_of_groups())

    assert again.manifest == tastes.manifest
    assert (again.neighbours == tastes.neighbours).all()
    assert (again.weights == tastes.weights).all()


@pytest.mark.parametrize("users", [0, 1, 2])
def test_hardly_any_likes_make_a_model_too(users: int) -> None:
    user, item = np.repeat(np.arange(users), 2), np.tile([0, 1], users)
    model = fit_model(like_matrix(user, item, shape=(users, 3), ordered=True))

    assert sorted(model.recommend(np.array([0]), 5).items.tolist()) == [1, 2]


def test_no_items_at_all_are_refused() -> None:
    nothing = np.array([], int)
    with pytest.raises(InvalidInput, match="no items"):
        fit_model(like_matrix(nothing, nothing, shape=(0, 0), ordered=False))


def test_an_item_that_everyone_likes_does_not_fill_the_rows() -> None:
    likes = likes_of_groups()
    user = np.concatenate([np.repeat(np.arange(150), np.diff(likes.start)), np.arange(150)])
    item = np.concatenate([likes.item, np.full(150, 100)])
    model = fit_model(like_matrix(user, item, shape=(150, 101), ordered=False))

    assert np.isfinite(model.weights).all()
    assert (model.recommend(np.array([0, 1, 100]), 8).items < shelf).mean() > 0.8


def test_a_warm_fit_needs_fewer_tries_and_is_as_good(tastes: Model) -> None:
    again = fit_model(likes_of_groups(), running=tastes)

    assert again.manifest.evaluations < tastes.manifest.evaluations / 2
    reached, before = again.manifest.held_out, tastes.manifest.held_out
    assert reached is not None
    assert before is not None
    assert reached.goodness > 0.98 * before.goodness


def test_a_model_worse_than_the_running_one_is_refused(tastes: Model) -> None:
    best = Quality(recall=0.99, ndcg=0.99)
    proud = msgspec.structs.replace(
        tastes, manifest=msgspec.structs.replace(tastes.manifest, held_out=best)
    )
    with pytest.raises(Conflict, match=r"the running one 0\.99"):
        fit_model(likes_of_groups(), running=proud)
