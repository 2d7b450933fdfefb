"""What a fit chooses by itself, and which models it refuses."""

import msgspec
import numpy as np
import pytest

from kouling.errors import Conflict, InvalidInput
from kouling.interest import (
    ModelKind,
    Options,
    bench,
    choose_parameters,
    fit_model,
    ground,
    like_matrix,
)
from kouling.interest.ease import ease_weights
from kouling.interest.ground import GroundPlan, prepare
from tests.interest.tastes import likes_of_groups, likes_that_follow, shelf


@pytest.fixture(scope="module")
def tastes():
    return fit_model(likes_of_groups())


def test_the_fit_finds_tastes_by_itself(tastes):
    assert tastes.kind is not ModelKind.popularity
    found = tastes.recommend(np.arange(4), 10)
    assert (found.items < shelf).all()


def test_the_same_likes_and_seed_give_the_same_model(tastes):
    again = fit_model(likes_of_groups())

    assert again.manifest == tastes.manifest
    assert (again.neighbours == tastes.neighbours).all()
    assert (again.weights == tastes.weights).all()


def test_order_is_used_where_it_helps_and_left_out_on_request():
    likes = likes_that_follow()
    with_order = choose_parameters(likes, Options(kind=ModelKind.filter))
    without = choose_parameters(likes, Options(kind=ModelKind.filter, order=False))

    assert with_order.held_out.goodness > 1.1 * without.held_out.goodness
    assert (without.parameters.fading, without.parameters.trend) == (0, 0)
    assert "after" not in without.parameters.terms


def test_order_counts_who_is_liked_after_and_who_nearby():
    likes = like_matrix(np.zeros(3, int), np.array([2, 0, 1]), shape=(1, 3), ordered=True)
    pairs, names, *_ = prepare(likes, GroundPlan(filter=False, ease=False, order=True)).ground

    def count(name, liked, shown):
        place = pairs.other[liked].tolist().index(shown)
        return float(pairs.features[names.index(name), liked, place])

    says = 3**-0.68
    assert count("after", 2, 1) == pytest.approx(says * np.exp(-2 / 50))
    assert count("after", 1, 2) == 0
    assert count("beside", 2, 1) == count("beside", 1, 2) == pytest.approx(says / (1 + 2 / 10))
    assert count("beside", 0, 1) == pytest.approx(says / (1 + 1 / 10))


def test_rarity_puts_seldom_liked_candidates_first(monkeypatch):
    monkeypatch.setattr(ground, "candidates_of", lambda _: 1)
    # 0 is liked beside 1, which everyone likes, three times and beside 2 twice
    pairs = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 2), (4, 0), (4, 2)]
    pairs += [(user, item) for user in range(5, 40) for item in (1, 3)]
    user, item = np.array(pairs).T
    likes = like_matrix(user, item, shape=(40, 4), ordered=False)

    def candidate(rarity):
        plan = GroundPlan(filter=False, ease=False, rarity=rarity)
        return int(prepare(likes, plan).ground.pairs.other[0, 0])

    assert (candidate(0.0), candidate(1.0)) == (1, 2)


def test_few_candidates_are_chosen_by_what_they_promise_on_all_parts(monkeypatch):
    monkeypatch.setattr(bench, "few", 2.0)
    monkeypatch.setattr(bench, "_promise", lambda tried: tried.layout.rarity)
    likes, plan = likes_of_groups(), GroundPlan(ease=False)

    def rarities(**asked):
        return [one.layout.rarity for one in bench.benches_of(likes, plan, **asked)]

    assert rarities(settled=False) == [max(bench.rarities)] * bench.folds_max
    assert rarities(settled=True) == [plan.rarity] * bench.folds_max


def test_a_warm_fit_keeps_the_candidates_of_the_running_model(monkeypatch):
    monkeypatch.setattr(bench, "few", 2.0)
    first = choose_parameters(likes_of_groups(), Options(kind=ModelKind.filter)).parameters
    assert first.rarity in bench.rarities

    rare = msgspec.structs.replace(first, rarity=0.7)
    again = choose_parameters(likes_of_groups(), Options(kind=ModelKind.filter, warm=rare))
    assert again.parameters.rarity == 0.7


def test_likes_without_pattern_are_served_by_something_simple():
    draw = np.random.default_rng(1)
    user, item = np.repeat(np.arange(60), 3), draw.integers(0, 500, 180)
    model = fit_model(like_matrix(user, item, shape=(60, 500), ordered=False))

    assert len(model.recommend(item[:3], 20).items) == 20


@pytest.mark.parametrize("users", [0, 1, 2])
def test_hardly_any_likes_make_a_model_too(users):
    user, item = np.repeat(np.arange(users), 2), np.tile([0, 1], users)
    model = fit_model(like_matrix(user, item, shape=(users, 3), ordered=True))

    assert sorted(model.recommend(np.array([0]), 5).items.tolist()) == [1, 2]


def test_no_items_at_all_are_refused():
    nothing = np.array([], int)
    with pytest.raises(InvalidInput, match="no items"):
        fit_model(like_matrix(nothing, nothing, shape=(0, 0), ordered=False))


def test_an_item_that_everyone_likes_does_not_fill_the_rows():
    likes = likes_of_groups()
    user = np.concatenate([np.repeat(np.arange(150), np.diff(likes.start)), np.arange(150)])
    item = np.concatenate([likes.item, np.full(150, 100)])
    model = fit_model(like_matrix(user, item, shape=(150, 101), ordered=False))

    assert np.isfinite(model.weights).all()
    assert (model.recommend(np.array([0, 1, 100]), 8).items < shelf).mean() > 0.8


def test_a_warm_fit_needs_fewer_tries_and_is_as_good(tastes):
    again = fit_model(likes_of_groups(), running=tastes)

    assert again.manifest.evaluations < tastes.manifest.evaluations / 2
    assert again.manifest.held_out.goodness > 0.98 * tastes.manifest.held_out.goodness


def test_a_model_worse_than_the_running_one_is_refused(tastes):
    best = msgspec.structs.replace(tastes.manifest.held_out, recall=0.99, ndcg=0.99)
    proud = msgspec.structs.replace(
        tastes, manifest=msgspec.structs.replace(tastes.manifest, held_out=best)
    )
    with pytest.raises(Conflict, match=r"the running one 0\.99"):
        fit_model(likes_of_groups(), running=proud)


def test_ease_solves_its_equation():
    draw = np.random.default_rng(3)
    likes = (draw.random((50, 12)) < 0.3).astype("f4")
    gram, ridge = likes.T @ likes, 7.0
    weights = ease_weights(gram, ridge).astype(float)

    assert weights.diagonal().tolist() == [0] * 12
    # off the diagonal, the gradient of |X - XB|^2 + ridge |B|^2 is zero
    gradient = (gram + ridge * np.eye(12)) @ weights - gram
    np.fill_diagonal(gradient, 0)
    assert np.abs(gradient).max() < 1e-3
