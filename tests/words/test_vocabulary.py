"""Every language says the same things, and nothing that a room decides hangs on how."""

from string import Formatter

import pytest

from kouling.gate import Evidence, EvidenceKind
from kouling.language import Language
from kouling.picture import GapKind
from kouling.redeem import RefusalReason
from kouling.settle import MemoKind
from kouling.words import words_of
from kouling.words.english import english
from kouling.words.gate import vocabularies
from kouling.words.vocabulary import Vocabulary

every_language = pytest.mark.parametrize("language", Language)


def entries(vocabulary: Vocabulary) -> dict[str, str]:
    """All entries of a vocabulary by the way to them, such as `evidence.between`."""
    found: dict[str, str] = {}
    for name, value in vocabulary._asdict().items():
        if isinstance(value, str):
            found[name] = value
        else:
            found |= {f"{name}.{kind}": words for kind, words in value.items()}
    return found


def placeholders(words: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(words) if name is not None)


@every_language
def test_a_language_has_words_for_every_kind_and_no_others(language: Language) -> None:
    said = vocabularies[language]
    assert list(said.evidence) == list(EvidenceKind)
    assert list(said.memo) == list(MemoKind)
    assert list(said.refusal) == list(RefusalReason)
    assert entries(vocabularies[language]).keys() == entries(english).keys()


@every_language
def test_a_language_fills_in_what_the_others_do(language: Language) -> None:
    said = entries(vocabularies[language])
    assert {name: placeholders(words) for name, words in said.items()} == {
        name: placeholders(words) for name, words in entries(english).items()
    }


@every_language
def test_no_two_kinds_are_said_alike(language: Language) -> None:
    words = list(vocabularies[language].evidence.values())
    assert len(set(words)) == len(words)
    assert all(each.strip() == each for each in words)


def test_english_has_no_chinese_and_chinese_no_english_words() -> None:
    assert all(words.isascii() for words in english.evidence.values())
    for kind, words in vocabularies[Language.zh].evidence.items():
        assert not words.isascii(), kind


def test_a_disguise_is_called_one_where_it_weighed() -> None:
    read = Evidence(EvidenceKind.backwards)
    assert words_of(read) == "read backwards"
    weighed = Evidence(EvidenceKind.backwards, 1.5)
    assert words_of(weighed) == "disguised: read backwards"
    assert words_of(weighed, Language.zh) == "伪装：倒着书写"


def test_whatever_a_picture_lacks_the_gate_can_tell() -> None:
    assert {EvidenceKind(kind) for kind in GapKind} <= set(EvidenceKind)
