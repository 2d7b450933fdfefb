"""Words for people: what rooms keep as data becomes text here, in the reader's language.

    evidence, a reason, a cell ─► words_of ─► one text        a decision ─► answer_of ─► Answer
    a memo ─► memo_of ─► one text                        a refusal ─► refusal_of ─► one text

A language is one module with one `Vocabulary`. Rooms and the engine never import this package,
so rewording an entry changes no decision. To say something new, add a kind to its room's enum
and an entry for it to each language; a test tells what is left out.
"""

from kouling.words.answer import Answer, answer_of
from kouling.words.deliver import disclosure_of, place_reason_of, trial_of
from kouling.words.gate import evidence_of, words_of
from kouling.words.insight import cell_of
from kouling.words.redeem import refusal_of
from kouling.words.settle import memo_of

__all__ = [
    "Answer",
    "answer_of",
    "cell_of",
    "disclosure_of",
    "evidence_of",
    "memo_of",
    "place_reason_of",
    "refusal_of",
    "trial_of",
    "words_of",
]
