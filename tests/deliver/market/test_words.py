"""What a text is found by."""

from hypothesis import given
from hypothesis import strategies as st

from kouling.deliver.market.words import words_of, words_wanted


@given(st.text(min_size=1, max_size=40))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    assert set(words_wanted(text)) <= set(words_of(text))
    assert all(word.isascii() and word.isalpha() for word in words_of(text))
