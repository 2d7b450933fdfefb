"""A page of candidates, without a database."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.deliver.feed.mix import Sources, creator_part, mix, spacing
from kouling.deliver.reasons import newest_reason
from kouling.deliver.records import FeedCandidate
from kouling.ids import ItemId, UserId


def some(kind: str, count: int, creators: int = 1_000) -> Iterator[FeedCandidate]:
    for n in range(count):
        yield FeedCandidate(
            ItemId(f"{kind}{n}"), UserId(f"{kind} creator {n % creators}"), newest_reason
        )


def page(size: int, first: int = 0, given: frozenset[str] = frozenset(), **counts: int) -> str:
    """The kinds of the places on a page, a letter each."""
    sources = Sources(*(some(kind, counts.get(kind, 0)) for kind in ("r", "t", "n")))
    return "".join(one.item[0] for one in mix(sources, set(map(ItemId, given)), first, size))


def test_the_fourth_of_five_places_is_a_trials() -> None:
    assert page(10, r=99, t=99, n=99) == "rrrtrrrrtr"


def test_another_of_five_places_may_be_a_trials() -> None:
    sources = Sources(*(some(kind, 9) for kind in ("r", "t", "n")))

    assert "".join(one.item[0] for one in mix(sources, set(), 0, 3, 1)) == "rtr"


def test_places_are_counted_through_the_pages_of_a_session() -> None:
    both = page(7, r=99, t=99) + page(7, first=7, r=99, t=99)

    assert both == page(14, r=99, t=99)


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ({"r": 9}, "rrrrr"),
        ({"t": 9, "n": 9}, "ttttt"),
        ({"r": 1, "t": 1, "n": 9}, "rtnnn"),
        ({"n": 2}, "nn"),
        ({}, ""),
    ],
)
def test_where_a_source_runs_out_the_next_takes_its_place(
    counts: dict[str, int], wanted: str
) -> None:
    assert page(5, 0, frozenset(), **counts) == wanted


def test_what_a_session_has_is_left_out() -> None:
    assert page(3, given=frozenset({"r0", "r1"}), r=3, n=1) == "rn"


@given(st.integers(1, 40), st.integers(1, 4), st.integers(0, 60))
def test_no_creator_has_more_than_its_part(size: int, creators: int, count: int) -> None:
    sources = Sources(*(some(kind, count, creators) for kind in ("r", "t", "n")))
    found = mix(sources, set(), 0, size)
    most = max(Counter(one.author for one in found).values(), default=0)

    assert most <= max(1, size // creator_part)
    assert len({one.item for one in found}) == len(found)


@given(st.integers(0, 30), st.integers(1, 30))
def test_of_so_many_places_in_a_row_one_is_a_trials(first: int, size: int) -> None:
    kinds = page(size, first=first, r=99, t=99)

    assert all(kinds[at : at + spacing].count("t") <= 1 for at in range(max(1, size - spacing + 1)))
