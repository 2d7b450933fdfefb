import numpy as np
import pytest

from kouling.picture.reader.finding import PrintedLine
from kouling.picture.reader.grouping import are_melted, are_stacked, lines_of


def box(left: float, top: float, wide: float, high: float, *, turned: float = 0.0) -> PrintedLine:
    """A box, the whole plane turned around the origin by so many degrees."""
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)]) + np.array([left, top])
    angle = np.radians(turned)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return PrintedLine((corners @ turn).astype(np.float32))


def frame(found: PrintedLine, turned: float = 0.0) -> list[float]:
    """From where to where a box reaches, turned back: left, top, right, foot."""
    angle = np.radians(-turned)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = found.corners @ turn
    return [*corners.min(0).round(), *corners.max(0).round()]


words = (100, 40, 500, 50)


@pytest.mark.parametrize("turned", [0.0, 17.0, 90.0])
def test_single_letters_in_a_row_are_one_line_as_long_as_the_row(turned: float) -> None:
    letters = [(50, 200, 30, 45), (400, 205, 30, 40), (800, 200, 35, 45)]
    found = [box(*one, turned=turned) for one in (words, *letters)]
    row, line = lines_of(found)
    assert frame(row, turned) == pytest.approx([50, 200, 835, 245], abs=1)
    assert frame(line, turned) == pytest.approx([100, 40, 600, 90], abs=1)


def test_a_word_among_single_letters_is_part_of_their_row() -> None:
    found = [box(*words), box(50, 200, 40, 50), box(200, 200, 180, 50), box(900, 200, 40, 50)]
    row, _ = lines_of(found)
    assert frame(row) == [50, 200, 940, 250]


def test_a_line_with_marks_on_both_sides_stays_as_it_is() -> None:
    found = [box(50, 40, 50, 50), box(200, 40, 500, 50), box(900, 40, 50, 50)]
    [line] = lines_of(found)
    assert frame(line) == [200, 40, 700, 90]


@pytest.mark.parametrize(
    "others",
    [
        [(50, 200, 40, 45)],
        [(50, 200, 40, 45), (400, 300, 40, 45)],
        [(50, 200, 40, 45), (400, 200, 120, 130)],
    ],
)
def test_letters_alone_or_in_no_row_say_nothing(others: list[tuple[int, int, int, int]]) -> None:
    [line] = lines_of([box(*words), *(box(*one) for one in others)])
    assert frame(line) == [100, 40, 600, 90]


def test_without_a_line_there_is_no_row() -> None:
    assert lines_of([]) == []
    assert lines_of([box(50, 200, 40, 45), box(400, 200, 40, 45)]) == []


def test_halves_stand_right_above_each_other() -> None:
    upper, lower = box(100, 100, 200, 50), box(150, 160, 120, 50)
    assert are_stacked(upper, lower)
    assert not are_stacked(upper, box(150, 400, 120, 50))
    assert not are_stacked(upper, box(400, 160, 120, 50))
    assert not are_stacked(upper, box(150, 160, 120, 150))


def test_lines_one_below_the_other_are_no_letters_of_a_column() -> None:
    """As beside a word that stands on end and is the longest of all."""
    on_end = PrintedLine(np.roll(box(20, 100, 90, 700).corners, -1, axis=0))
    across = [box(150, 200 + 90 * place, 300, 45) for place in range(3)]
    assert len(lines_of([on_end, *across])) == 4


def test_letters_of_a_column_may_stand_farther_apart_than_those_of_a_line() -> None:
    pieces = [box(100, 100 + 140 * place, 50, 100) for place in range(3)]
    on_end = [PrintedLine(np.roll(one.corners, -1, axis=0)) for one in pieces]
    assert len(lines_of(on_end)) == 1
    assert len(lines_of([box(100 + 140 * place, 100, 100, 50) for place in range(3)])) == 3


@pytest.mark.parametrize(
    ("other", "melted"),
    [((100, 20, 400, 100), True), ((100, 90, 500, 50), False), ((900, 40, 300, 50), False)],
)
def test_boxes_that_lie_on_each_other_are_melted(
    other: tuple[int, int, int, int], melted: bool
) -> None:
    assert are_melted([box(*words), box(*other)]) is melted
