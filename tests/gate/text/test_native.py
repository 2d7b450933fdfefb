import pytest

from kouling.fold import fold
from kouling.gate.text.native import blank, without_native_words


def plain(text: str) -> str:
    return without_native_words(fold(text)).folded.text


@pytest.mark.parametrize("word", ["переезжают", "Здравствуйте", "φιλοσοφία", "բարև", "жылдыз"])
def test_a_word_of_another_script_holds_no_latin_letters(word: str) -> None:
    assert plain(word) == blank * len(word)


@pytest.mark.parametrize("disguised", ["tаоbао", "￥аВ3сЕ5нК7￥", "хhslink", "о", "соm"])
def test_letters_among_latin_ones_are_read_as_these(disguised: str) -> None:
    assert plain(disguised).replace("¥", "").isascii()


def test_spans_still_lead_to_the_original() -> None:
    text = "Купите ￥ ｋ4T ￥ сегодня"
    view = without_native_words(fold(text)).folded
    at = view.text.index("k4T")
    first, past = view.span(at, at + 3)
    assert text[first:past] == "ｋ4T"


def test_a_text_without_such_words_stays_what_it_is() -> None:
    folded = fold("今天 nice weather")
    assert without_native_words(folded) is folded
