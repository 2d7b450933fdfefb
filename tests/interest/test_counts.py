"""The table of pairs, against a dictionary."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kouling.interest.counts import add_pairs, count_like, listed, new_pairs, paired_max, with_room

items = 300
pairs = st.lists(
    st.tuples(st.integers(0, items - 1), st.integers(0, items - 1), st.integers(-3, 3)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    max_size=200,
)


@given(pairs)
def test_the_table_counts_like_a_dictionary(added: list[tuple[int, int, int]]) -> None:
    table, counts = new_pairs(items, 256), Counter[tuple[int, int]]()
    for one, other, amount in added:
        add_pairs(table, one, np.array([other], np.int32), amount)
        counts[min(one, other), max(one, other)] += amount
    low, high, counted = (part.tolist() for part in listed(table))

    assert dict(zip(zip(low, high, strict=True), counted, strict=True)) == {
        pair: count for pair, count in counts.items() if count
    }
    assert list(zip(low, high, strict=True)) == sorted(zip(low, high, strict=True))


@given(pairs, st.integers(items, 2 * items), st.integers(0, 5_000))
def test_a_larger_table_holds_the_same(
    added: list[tuple[int, int, int]], wanted: int, more: int
) -> None:
    table = new_pairs(items, 256)
    for one, other, amount in added:
        add_pairs(table, one, np.array([other], np.int32), amount)
    larger = with_room(table, wanted, more)

    assert [part.tolist() for part in listed(larger)] == [part.tolist() for part in listed(table)]
    assert len(larger.heads) >= wanted


def test_a_like_is_counted_beside_the_latest_and_the_oldest_gives_way() -> None:
    table, latest = new_pairs(items), np.arange(paired_max, dtype=np.int32)

    assert count_like(table, latest, 100, 1)
    low, high, counted = (part.tolist() for part in listed(table))
    assert (low, high, counted) == (
        [0] * (paired_max - 1) + list(range(1, paired_max)),
        list(range(1, paired_max)) + [100] * (paired_max - 1),
        [-1] * (paired_max - 1) + [1] * (paired_max - 1),
    )


def test_a_like_of_what_is_liked_is_not_new() -> None:
    table = new_pairs(items)

    assert not count_like(table, np.array([4, 7], np.int32), 7, 1)
    assert not len(listed(table)[0])
