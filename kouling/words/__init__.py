"""Words for people: what rooms keep as data becomes a sentence, in English or Chinese."""

from kouling.words.memo import memo_words

__all__ = ["memo_words"]
