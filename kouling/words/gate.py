"""What the gate noticed becomes words: evidence and signals come in, texts go out."""

from __future__ import annotations

from kouling.gate import Evidence, Signal, disguises
from kouling.language import Language
from kouling.words.chinese import chinese
from kouling.words.english import english
from kouling.words.vocabulary import Vocabulary

vocabularies: dict[Language, Vocabulary] = {Language.en: english, Language.zh: chinese}
"""The words of every language."""


def words_of(evidence: Evidence, language: Language = Language.en) -> str:
    """Return what was noticed, in words."""
    vocabulary = vocabularies[language]
    words = vocabulary.evidence[evidence.kind].format(about=evidence.about, beside=evidence.beside)
    if evidence.weight and evidence.kind in disguises:
        return vocabulary.disguised.format(how=words)
    return words


def evidence_of(signal: Signal, language: Language = Language.en) -> tuple[str, ...]:
    """Return what spoke for a signal, in words; of a picture that was not seen, which one."""
    words = tuple(words_of(one, language) for one in signal.evidence)
    if signal.kind != "not_inspected" or not signal.picture:
        return words
    wording = vocabularies[language].in_picture
    return tuple(wording.format(place=signal.picture, why=why) for why in words)
