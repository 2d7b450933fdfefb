import pytest

from kouling.errors import InvalidInput
from kouling.language import Language, Texts, written


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("no share codes here", Language.en),
        ("本群不允许其他平台的口令", Language.zh),
        ("请不要发 Taobao 的口令", Language.zh),
        ("no 口令 in this group", Language.en),
        ("123", Language.en),
    ],
)
def test_a_text_is_of_the_language_that_most_of_it_is_in(text: str, language: Language) -> None:
    assert written(text).text_in(language) == text
    assert written(text).language_for(Language.en) is language


def test_a_reader_gets_its_own_language_where_there_is_one() -> None:
    both = Texts(en="no", zh="不")

    assert [both.text_in(both.language_for(one)) for one in Language] == ["no", "不"]
    assert Texts(zh="不").language_for(Language.en) is Language.zh


def test_a_text_in_no_language_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no text in any language"):
        Texts()
