"""The state of all likes on top of a model, whatever serves."""

from pathlib import Path

import numpy as np
import pytest

from kouling.interest import (
    InterestState,
    ModelKind,
    Names,
    Options,
    fit_model,
    matrix_of,
    model_in_use,
    save_model,
    state,
    state_of,
)

users, items = ["ann", "ann", "bo", "bo", "cy"], ["a", "b", "b", "c", "a"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    likes = matrix_of(users, items, (Names(), Names()))
    save_model(fit_model(likes, Options(kind=ModelKind.filter)), tmp_path, likes)
    return tmp_path


def histories(found: InterestState) -> dict[str, list[str]]:
    return {
        name: [found.items.ids[item] for item in found.online.history(number)]
        for number, name in enumerate(found.users.ids)
    }


def test_the_same_likes_are_known_with_and_without_a_model(folder: Path) -> None:
    now = [*users, "cy", "dan"], [*items, "d", "b"]
    without, on_top = state_of(*now, None), state_of(*now, model_in_use(folder))

    assert histories(without) == histories(on_top)
    assert histories(on_top)["cy"] == ["a", "d"]
    assert (without.fitted, on_top.fitted) == (False, True)
    assert on_top.fitted_likes == len(users)


def test_only_users_whose_likes_changed_are_changed(folder: Path) -> None:
    found = state_of(users[:-1], items[:-1], model_in_use(folder))  # cy took its like back
    changed, *_ = found.online.state()

    assert changed == {found.users.find("cy"): []}


def test_a_folder_without_a_model_is_none(tmp_path: Path) -> None:
    assert model_in_use(None) is None
    assert model_in_use(tmp_path) is None


def test_few_likes_are_pairs_and_many_wait_for_a_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    few = state_of(users, items, None)
    monkeypatch.setattr(state, "fresh_likes_max", len(users) - 1)
    many = state_of(users, items, None)

    assert few.fitted_likes == 0
    assert many.fitted_likes == len(users)
    ann = few.users.number("ann")
    assert few.online.recommend(few.online.history(ann)).items.tolist() == [few.items.find("c")]
    assert not len(many.online.recommend(many.online.history(ann)).items)
    assert histories(few) == histories(many)


def test_likes_become_a_matrix_with_the_names_of_its_rows_and_columns() -> None:
    matrix = matrix_of(users, items, (Names(["bo"]), Names()))

    assert matrix.user_ids == ["bo", "ann", "cy"]
    assert [matrix.item_ids[item] for item in matrix.of(0)] == ["b", "c"]
    assert isinstance(matrix.start, np.ndarray)
