"""Implicit ALS, tuned on the same held-out likes as our own models, where it is installed."""

import time
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.bench.arrays import Array
from kouling.interest import LikeMatrix
from kouling.interest.split import Exam, hold_out

grid = [
    {"factors": factors, "alpha": alpha, "regularization": regularization}
    for factors in (64, 128)
    for alpha in (1.0, 5.0, 20.0)
    for regularization in (0.01, 0.1)
]
iterations, places = 15, 20


def implicit_version() -> str:
    """Return the version of the library implicit, or that it is not installed."""
    try:
        return version("implicit")
    except PackageNotFoundError:
        return "not installed, so there is no row of ALS"


def tuned_als(known: LikeMatrix, answers: LikeMatrix) -> dict[str, Any] | None:
    """Return how well ALS does with the best settings of the grid; None if it isn't installed."""
    try:
        import implicit
    except ImportError:
        return None
    exam = hold_out(known, seed=1)
    begun = time.process_time()
    best = max(grid, key=lambda one: _goodness(*_judge(implicit, exam, one)))
    middle = time.process_time()
    recall, ndcg = _judge(implicit, Exam(known, answers), best)
    return {
        "recall_at_20": round(recall, 5),
        "ndcg_at_20": round(ndcg, 5),
        "choose_cpu_s": round(middle - begun, 1),
        "fit_cpu_s": round(time.process_time() - middle, 1),
        "settings": best,
    }


def _goodness(recall: float, ndcg: float) -> float:
    return float((recall * ndcg) ** 0.5)


def _judge(implicit: ModuleType, exam: Exam, settings: dict[str, Any]) -> tuple[float, float]:
    import scipy.sparse as sparse

    known = exam.known
    shape = (known.users, known.items)
    ones = np.ones(len(known), np.float32)
    matrix = sparse.csr_matrix((ones, known.item, known.start), shape=shape)
    model = implicit.als.AlternatingLeastSquares(
        **settings, iterations=iterations, random_state=1, use_gpu=False
    )
    model.fit(matrix, show_progress=False)
    users = np.flatnonzero(np.diff(exam.answers.start))
    top, _ = model.recommend(users, matrix[users], N=places)
    return _measured(exam.answers, users, top)


def _measured(answers: LikeMatrix, users: Array, top: Array) -> tuple[float, float]:
    gains = 1 / np.log2(np.arange(places) + 2)
    recall, ndcg = [], []
    for user, row in zip(users, top, strict=True):
        wanted = answers.of(user)
        found = np.isin(row, wanted)
        recall.append(found.sum() / len(wanted))
        ndcg.append((gains * found).sum() / gains[: len(wanted)].sum())
    return float(np.mean(recall)), float(np.mean(ndcg))
