"""What the gate noticed and decided becomes words: evidence and reasons come in, texts go out."""

from __future__ import annotations

from kouling.gate import Evidence, Signal, StatementOfReasons
from kouling.language import Language, Texts
from kouling.words.chinese import chinese
from kouling.words.english import english
from kouling.words.vocabulary import Vocabulary

vocabularies: dict[Language, Vocabulary] = {Language.en: english, Language.zh: chinese}
"""The words of every language."""


def words_of(said: Evidence | StatementOfReasons | Texts, language: Language = Language.en) -> str:
    """Return what was noticed, or why an item was not shown, in the reader's language.

    A text that its policy does not give in that language stays in the one it is written in, with
    all that is joined to it.
    """
    if isinstance(said, Texts):
        return said.text_in(said.language_for(language))
    if isinstance(said, StatementOfReasons):
        return _reason(said, language)
    return _evidence(said, vocabularies[language])


def evidence_of(signal: Signal, language: Language = Language.en) -> tuple[str, ...]:
    """Return what spoke for a signal, in words; of a picture that was not seen, which one."""
    vocabulary = vocabularies[language]
    words = tuple([_evidence(one, vocabulary) for one in signal.evidence])
    if signal.kind != "not_inspected" or not signal.picture:
        return words
    return tuple(vocabulary.in_picture.format(place=signal.picture, why=why) for why in words)


def _evidence(said: Evidence, vocabulary: Vocabulary) -> str:
    words = vocabulary.evidence[said.kind].format(about=said.about, beside=said.beside)
    return vocabulary.disguised.format(how=words) if said.is_disguise else words


def _reason(statement: StatementOfReasons, reader: Language) -> str:
    if statement.text is None:
        return vocabularies[reader].rule_failed
    language = statement.text.language_for(reader)
    reason = statement.text.text_in(language)
    if not statement.about:
        return reason
    vocabulary = vocabularies[language]
    quotes = vocabulary.comma.join(vocabulary.quote.format(words=one) for one in statement.about)
    return vocabulary.about.format(reason=reason, quotes=quotes)
