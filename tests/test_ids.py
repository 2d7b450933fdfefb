import pytest

from kouling.errors import InvalidInput
from kouling.ids import check_id, id_length_max, random_bytes


@pytest.mark.parametrize("value", ["a", "用户 1", "x" * id_length_max, "👤"])
def test_printable_text_can_be_an_id(value: str) -> None:
    check_id(value, "user id")


@pytest.mark.parametrize("value", ["", "x" * (id_length_max + 1), "a\0", "a\n", "\ud800", 7, None])
def test_what_can_be_no_id_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(InvalidInput, match=r"user id .* can't be an id"):
        check_id(value, "user id")


def test_a_seed_draws_the_same_again_and_another_from_another_start() -> None:
    drawn = random_bytes(7)(16)

    assert random_bytes(7)(16) == drawn
    assert len({drawn, random_bytes(8)(16), random_bytes(7, start=1)(16)}) == 3


def test_without_a_seed_nothing_repeats() -> None:
    assert random_bytes()(16) != random_bytes()(16)
