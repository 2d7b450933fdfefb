"""The search finds tops, within its budget and its bounds."""

import pytest

from kouling.interest.search import Axis, BestPoint, best_of, climb

axes = (Axis("x", 0.5, -4.0, 4.0), Axis("y", 0.5, -4.0, 4.0))


def hill(point: dict[str, float]) -> float:
    """A ridge that runs askew between the axes; its top is 10 at (3, -1)."""
    x, y = point["x"] - 3, point["y"] + 1
    return 10 - x * x - y * y - x * y


def test_a_climb_reaches_the_top_of_a_ridge() -> None:
    start = {"x": 0.0, "y": 0.0}
    found = climb(BestPoint(start, hill(start), 1), axes, hill, 300)

    assert found.point == pytest.approx({"x": 3, "y": -1}, abs=0.1)
    assert found.goodness == hill(found.point) > 9.99
    assert found.evaluations <= 301


def test_no_more_is_tried_than_the_budget_allows() -> None:
    tried: list[dict[str, float]] = []

    def counted(point: dict[str, float]) -> float:
        tried.append(point)
        return hill(point)

    start = {"x": 0.0, "y": 0.0}
    found = climb(BestPoint(start, hill(start), 5), axes, counted, 7)

    assert len(tried) == 7
    assert found.evaluations == 12
    assert found.goodness == max(map(hill, [start, *tried]))


def test_a_climb_stays_within_bounds() -> None:
    start = {"x": 0.0, "y": 0.0}
    found = climb(BestPoint(start, 1.0, 1), axes, lambda point: 1 + abs(point["x"]), 100)

    assert abs(found.point["x"]) == 4


def test_of_equal_points_the_first_is_the_best() -> None:
    points = [{"x": 1.0}, {"x": 2.0}, {"x": 2.0, "y": 0.0}]

    assert best_of(points, lambda point: point["x"]) == BestPoint(points[1], 2.0, 3)
