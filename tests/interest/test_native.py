"""Loops run over all rows once, in as many parts as asked for."""

import threading

import pytest

from kouling.interest.native import few_rows, over


@pytest.mark.parametrize("count", [0, 1, few_rows - 1, few_rows, 3 * few_rows + 1])
@pytest.mark.parametrize("parts", [0, 1, 7])
def test_every_row_is_in_one_part(count: int, parts: int) -> None:
    done: list[int] = []
    lock = threading.Lock()

    def loop(begin: int, end: int) -> None:
        with lock:
            done.extend(range(begin, end))

    over(count, loop, parts=parts)

    assert sorted(done) == list(range(count))


def test_an_error_in_a_part_is_raised() -> None:
    def loop(begin: int, end: int) -> None:
        raise ZeroDivisionError(f"{begin} to {end}")

    with pytest.raises(ZeroDivisionError):
        over(2 * few_rows, loop)
