"""EASE, by its equation."""

import numpy as np

from kouling.interest.ease import ease_weights


def test_ease_solves_its_equation() -> None:
    draw = np.random.default_rng(3)
    likes = (draw.random((50, 12)) < 0.3).astype("f4")
    gram, ridge = likes.T @ likes, 7.0
    weights = ease_weights(gram, ridge).astype(float)

    assert weights.diagonal().tolist() == [0] * 12
    # off the diagonal, the gradient of |X - XB|^2 + ridge |B|^2 is zero
    gradient = (gram + ridge * np.eye(12)) @ weights - gram
    np.fill_diagonal(gradient, 0)
    assert np.abs(gradient).max() < 1e-3
