"""Ids get numbers, and keep them."""

from hypothesis import given
from hypothesis import strategies as st

from kouling.interest import Names


@given(st.lists(st.text(max_size=3)))
def test_an_id_keeps_the_number_it_was_given_first(ids: list[str]) -> None:
    names = Names()
    numbers = names.numbers(ids)

    assert [names.ids[number] for number in numbers] == ids
    assert names.ids == list(dict.fromkeys(ids))
    assert [names.find(id) for id in ids] == numbers.tolist()


def test_asking_for_an_unknown_id_gives_it_no_number() -> None:
    names = Names(["ann"])

    assert names.find("bo") is None
    assert len(names) == 1
    assert names.number("bo") == 1
