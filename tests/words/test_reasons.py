"""A reason is told in one language: the reader's if it is given in it, else its own."""

import re

import pytest

from kouling.gate import StatementOfReasons, Visibility
from kouling.language import Language, Texts, written
from kouling.words import words_of

english, chinese = "No codes of others.", "本群不允许其他平台的口令。"
quoted = ("￥t7Xk2bQm9Ra￥", "second")


def reason(text: Texts | None, *about: str) -> StatementOfReasons:
    return StatementOfReasons(
        rule="r", title=written("R"), text=text, outcome=Visibility.limit, about=about
    )


@pytest.mark.parametrize("reader", Language)
def test_a_chinese_policy_speaks_chinese_alone(reader: Language) -> None:
    told = words_of(reason(written(chinese), *quoted), reader)

    assert told == "本群不允许其他平台的口令。（涉及“￥t7Xk2bQm9Ra￥”、“second”）"
    assert not re.search("[A-Za-z]", re.sub("“.*?”", "", told))


@pytest.mark.parametrize("reader", Language)
def test_an_english_policy_speaks_english_alone(reader: Language) -> None:
    told = words_of(reason(written(english), *quoted), reader)

    assert told == "No codes of others. It is about “￥t7Xk2bQm9Ra￥”, “second”."


def test_a_policy_in_both_speaks_as_the_reader_does() -> None:
    both = reason(Texts(en=english, zh=chinese), "口令")

    assert (
        words_of(both) == words_of(both, Language.en) == "No codes of others. It is about “口令”."
    )
    assert words_of(both, Language.zh) == "本群不允许其他平台的口令。（涉及“口令”）"
    assert words_of(both.text or Texts(en="?"), Language.zh) == chinese


def test_a_reason_about_nothing_is_told_as_it_is_written() -> None:
    assert words_of(reason(written(english)), Language.zh) == english


def test_a_rule_that_failed_has_words_of_ours() -> None:
    assert words_of(reason(None)) == "The rule could not be evaluated."
    assert words_of(reason(None), Language.zh) == "该规则无法判断。"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("本群不允许 Taobao App 的口令", Language.zh),
        ("Codes like “口令” may not be published here", Language.en),
        ("口令", Language.zh),
        ("!?", Language.en),
    ],
)
def test_a_text_is_in_the_language_of_most_of_its_words(text: str, language: Language) -> None:
    assert written(text).text_in(language) == text
