"""What a text is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.deliver.market.words import words_of, words_wanted


def finds(query: str, text: str) -> bool:
    wanted = words_wanted(query)
    return bool(wanted) and set(wanted) <= set(words_of(text))


@given(st.text(min_size=1, max_size=40))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    assert set(words_wanted(text)) <= set(words_of(text))
    assert all(word.isascii() and word.isalpha() for word in words_of(text))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("手机", "iPhone15手机壳"),
        ("iphone", "iPhone15手机壳"),
        ("iPhone15", "iPhone15手机壳"),
        ("iphone 15 壳", "iPhone15手机壳"),
        ("恤", "夏季T恤"),
        ("T恤", "夏季Ｔ恤"),
        ("10片", "面膜 10片装"),
        ("运动鞋", "Nike运动鞋42码"),
        ("42", "Nike运动鞋42码"),
        ("кроссовки", "Nikeкроссовки42"),
        ("nike", "Nikeкроссовки42"),
        ("セール", "夏のセール50%"),
        ("เสื้อ", "เสื้อยืดL"),
        ("कपड़े", "नए कपड़े"),
        ("café", "le CAFÉ-2"),
        ("σοκολάτα", "bioσοκολάτα"),
    ],
)
def test_a_word_ends_where_another_script_or_a_number_begins(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [("iphone1", "iPhone15手机壳"), ("机手", "手机壳"), ("1", "10片装"), ("phone", "iPhone15")],
)
def test_parts_of_words_and_numbers_are_no_words(query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize("query", ["", "  ", "🔥", "—…！", "👗👗"])
def test_signs_alone_are_no_words(query: str) -> None:
    assert words_wanted(query) == []
