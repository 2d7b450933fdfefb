"""Many users are served as each would be, one by one."""

import numpy as np

from kouling.interest import ModelKind, Options, fit_model
from kouling.interest.evaluate import exam_users
from kouling.interest.gather import Rows
from kouling.interest.serving import Server, add_neighbours, serve_users
from kouling.interest.split import hold_out
from tests.interest.tastes import likes_of_groups


def test_users_served_together_get_what_each_gets_alone() -> None:
    exam = hold_out(likes_of_groups(), seed=1)
    model = fit_model(exam.known, Options(kind=ModelKind.filter))
    users = exam_users(exam)
    top = np.full((len(users.users), 20), -1, np.int32)
    serve_users(Server(model.rows, model.fade(), model.favourites), users, top, (0, len(top)))

    for user, found in zip(users.users, top.tolist(), strict=True):
        assert found == model.recommend(exam.known.of(user), 20).items.tolist()


def test_what_speaks_for_an_item_adds_its_worth_as_loudly() -> None:
    neighbours = np.array([[1, 2, -1], [2, -1, -1], [0, 1, 2]], np.int32)
    weights = np.array([[0.5, 0.25, 9.0], [2.0, 9.0, 9.0], [1.0, 1.0, 1.0]], np.float32)
    sums = np.zeros(3)
    add_neighbours(Rows(neighbours, weights), np.array([4.0, 1.0, 0.0]), sums)

    assert sums.tolist() == [0.0, 2.0, 3.0]
