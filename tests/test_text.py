import pytest

from kouling.errors import InvalidInput
from kouling.text import bytes_of, check_characters


@pytest.mark.parametrize(("text", "place"), [("ab\0", 3), ("\ud800", 1), ("好\udfff", 2)])
def test_half_a_character_is_refused_with_its_place(text: str, place: int) -> None:
    with pytest.raises(InvalidInput, match=rf"here: character {place} of the text"):
        check_characters(text, "the text", "here")


def test_whatever_can_be_kept_is_taken() -> None:
    check_characters("", "the text")
    check_characters("\t\n\x7f\u202e\ue000\U0010ffff 好", "the text")


def test_bytes_are_read_from_base64_and_nothing_else() -> None:
    assert bytes_of("5aW9", "the picture", "send base64") == "好".encode()
    for bad in ("5aW9\n", "5aW", "好", "5a-_"):
        with pytest.raises(InvalidInput, match=r"the picture is no base64.*send base64"):
            bytes_of(bad, "the picture", "send base64")
