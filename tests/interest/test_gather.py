"""Few places and a long history are swept, many places are listed: both give the same."""

import numpy as np
import pytest

from kouling.interest import Manifest, Model, ModelKind, Parameters, gather, like_matrix
from kouling.interest.model import Ranking, new_model, nobody
from kouling.interest.online import Online

items, keep, users = 6_000, 20, 40


few, many = 20, 400
"""Places for which scores are swept and for which they are not."""


def model_of(weights: np.ndarray, seed: int, *, fading: float = 0.5) -> Model:
    """A model of items whose neighbours are drawn by lot, some rows being shorter."""
    draw = np.random.default_rng(seed)
    neighbours = np.array([draw.choice(items, keep, replace=False) for _ in range(items)], np.int32)
    neighbours[np.arange(keep) >= draw.integers(0, 2 * keep, items)[:, None]] = -1
    parameters = Parameters(kind=ModelKind.filter, keep=keep, fading=fading)
    manifest = Manifest(kind=ModelKind.filter, items=items, users=1, likes=1, parameters=parameters)
    falling = -np.sort(-weights.astype(np.float32), axis=1)
    return new_model(manifest, neighbours, falling, np.ones(items, np.int64))


def weights(seed: int) -> np.ndarray:
    """Weights of which some are below 0."""
    return np.random.default_rng(seed).normal(0.5, 0.5, (items, keep))


def histories(seed: int) -> list[np.ndarray]:
    draw = np.random.default_rng(seed)
    return [draw.integers(0, items, n).astype(np.int32) for n in (25, 60, 200, 900)]


def is_wide(model: Model, history: np.ndarray, places: int) -> bool:
    return bool(gather.is_wide(model.rows, history, gather.new_best(places), items))


def assert_same(found: Ranking, wanted: Ranking) -> None:
    for one, other in zip(found, wanted, strict=True):
        assert one.tolist() == other[: len(one)].tolist()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_first_places_are_those_of_a_longer_page(seed: int) -> None:
    model = model_of(weights(seed), seed)
    for history in histories(seed):
        exclude = model.recommend(history, few).items[::2]
        assert is_wide(model, history, few)
        assert not is_wide(model, history, many)
        for out in (nobody, exclude):
            found = model.recommend(history, few, exclude=out)
            assert_same(found, model.recommend(history, many, exclude=out))
            assert len(found.items) == few


def test_of_equal_scores_the_one_that_is_reached_first_comes_first() -> None:
    model = model_of(np.ones((items, keep)), 4, fading=0.0)
    for history in histories(4):
        found = model.recommend(history, few)
        assert_same(found, model.recommend(history, many))
        assert len(set(found.scores.tolist())) < few


def test_a_sweep_says_that_scores_are_equal_even_if_one_of_them_has_no_place() -> None:
    scratch, best = gather.new_scratch(items), gather.new_best(few)
    for highest, said in ((30.0, gather.tied), (30.5, few)):
        scratch.scores[100 : 100 + 7 * few : 7] = np.arange(few) + 30.0
        scratch.scores[5_999] = highest
        assert gather.sweep_best(scratch, nobody, nobody, best) == said


def test_all_is_zero_after_a_sweep_and_after_a_list() -> None:
    model = model_of(weights(5), 5)
    for history in histories(5):
        model.recommend(history, few, exclude=np.arange(50, dtype=np.int32))
        scratch = model.spare[0]
        assert not scratch.scores.any()
        assert not scratch.marks.any()


def test_with_fewer_good_items_than_places_there_are_that_many() -> None:
    scratch, best = gather.new_scratch(items), gather.new_best(few)
    scratch.scores[[3, 70, 5_998]] = 1.0, -2.0, 3.0

    assert gather.sweep_best(scratch, nobody, nobody, best) == 2
    assert best.items[:2].tolist() == [5_998, 3]


def test_likes_since_the_fit_are_swept_too() -> None:
    draw = np.random.default_rng(6)
    user, item = draw.integers(0, users, 3_000), draw.integers(0, items, 3_000)
    likes = like_matrix(user, item, shape=(users, items), ordered=True)
    online = Online(model_of(weights(6), 6), likes, items)
    for one, other in zip(*draw.integers(0, [[users], [items + 9]], (2, 2_000)), strict=True):
        online.like(int(one), int(other))
    for reader in range(users):
        history = online.history(reader)
        exclude = online.recommend(history, few).items[::3]
        for out in (nobody, exclude):
            found = online.recommend(history, few, exclude=out)
            assert_same(found, online.recommend(history, many, exclude=out))
            assert len(found.items) == few


def test_a_history_may_be_whole_numbers_of_any_kind() -> None:
    model = model_of(weights(7), 7)
    online = Online(model, like_matrix(nobody, nobody, shape=(1, items), ordered=True), items)
    history = histories(7)[1]
    for source in (model, online):
        wanted = source.recommend(history, few)
        for given in (history.astype(np.int64), np.repeat(history, 2)[::2]):
            assert_same(source.recommend(given, few), wanted)
