"""How good a model is, by hand."""

import numpy as np
import pytest

from kouling.interest import (
    ModelKind,
    Options,
    fit_model,
    measure,
)
from tests.interest.tastes import likes_of_groups


def test_measuring_counts_by_hand() -> None:
    known, answers = likes_of_groups(), likes_of_groups(seed=2)
    model = fit_model(known, Options(kind=ModelKind.popularity))
    recall, ndcg = [], []
    for user in range(known.users):
        places = model.recommend(known.of(user), 20).items.tolist()
        wanted = set(answers.of(user).tolist())
        gains = [1 / np.log2(at + 2) for at, item in enumerate(places) if item in wanted]
        ideal = sum(1 / np.log2(at + 2) for at in range(min(20, len(wanted))))
        recall.append(len(gains) / len(wanted))
        ndcg.append(sum(gains) / ideal)
    found = measure(model, known, answers)

    assert found.recall == pytest.approx(np.mean(recall))
    assert found.ndcg == pytest.approx(np.mean(ndcg))
