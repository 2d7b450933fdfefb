"""Why a pasted text was refused becomes words: a refusal comes in, a sentence goes out."""

from __future__ import annotations

from kouling.language import Language
from kouling.redeem import Refusal, RefusalReason
from kouling.words.gate import vocabularies


def refusal_of(refusal: Refusal, language: Language = Language.en) -> str:
    """Return a sentence for the buyer."""
    vocabulary = vocabularies[language]
    if refusal.reason is RefusalReason.foreign and not refusal.about:
        return vocabulary.foreign_unnamed
    return vocabulary.refusal[refusal.reason].format(about=refusal.about)
