"""What a ledger's entry is about becomes words: a memo comes in, a text goes out."""

from __future__ import annotations

import msgspec

from kouling.language import Language
from kouling.settle import Memo
from kouling.words.gate import vocabularies


def memo_of(memo: Memo, language: Language = Language.en) -> str:
    """Return what an entry is about, in words."""
    vocabulary = vocabularies[language]
    days = vocabulary.one_day if memo.days == 1 else vocabulary.many_days
    fields = msgspec.structs.asdict(memo) | {
        "days": days.format(count=memo.days),
        "placements": vocabulary.comma.join(memo.placements),
    }
    said = vocabulary.memo[memo.kind].format(**fields)
    if memo.touchpoints is None:
        return said
    return said + vocabulary.touchpoints.format(count=memo.touchpoints)
