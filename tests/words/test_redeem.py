"""A refusal is told in the buyer's language, with what it is about."""

import pytest

from kouling.language import Language
from kouling.redeem import Refusal, RefusalReason
from kouling.words import refusal_of
from kouling.words.gate import vocabularies


@pytest.mark.parametrize("language", Language)
def test_every_refusal_has_a_sentence(language: Language) -> None:
    assert list(vocabularies[language].refusal) == list(RefusalReason)


def test_a_foreign_code_is_told_with_its_issuer_where_it_is_known() -> None:
    named = Refusal(reason=RefusalReason.foreign, code="x", about="taobao")
    assert refusal_of(named) == "This is a code of taobao: it opens there, not here."
    assert refusal_of(named, Language.zh) == "这是 taobao 的口令：请在那里打开。"
    unnamed = Refusal(reason=RefusalReason.foreign, code="x")
    assert refusal_of(unnamed) == "This is a code of another platform: it does not open here."


def test_an_expired_code_is_told_with_its_day() -> None:
    expired = Refusal(reason=RefusalReason.expired, code="x", about="2018-06-28")
    assert refusal_of(expired, Language.zh) == "这个口令已于 2018-06-28 过期。"
