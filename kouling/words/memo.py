"""What a ledger's entry is about, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kouling.settle import Memo, MemoKind

memos_in: Mapping[str, Mapping[MemoKind, str]] = MappingProxyType(
    {
        "en": {
            MemoKind.commission_estimated: "commission on {amount}, estimated",
            MemoKind.commission_settled: "commission on {amount}, settled",
            MemoKind.no_share_code: "no commission: no share code led to the sale within {days}",
            MemoKind.own_share_code: (
                "no commission: the buyer's own code led to the sale within {days}"
            ),
            MemoKind.refund: "refund: {amount} of {of} in all",
            MemoKind.paid_places: "paid places: {placements}",
            MemoKind.past_places: "paid places of {day}: {placements}",
        },
        "zh": {
            MemoKind.commission_estimated: "{amount} 的佣金，预估",
            MemoKind.commission_settled: "{amount} 的佣金，已结算",
            MemoKind.no_share_code: "无佣金：{days}内没有口令带来这笔交易",
            MemoKind.own_share_code: "无佣金：{days}内带来这笔交易的是买家自己的口令",
            MemoKind.refund: "退款：{of} 中累计退款 {amount}",
            MemoKind.paid_places: "付费展位：{placements}",
            MemoKind.past_places: "{day} 的付费展位：{placements}",
        },
    }
)
"""What each kind of memo is called, by language."""


def memo_words(memo: Memo, language: str = "en") -> str:
    """Return a memo as people read it."""
    parts: dict[str, Any] = {
        "amount": memo.amount,
        "of": memo.of,
        "days": _days(memo.days, language),
        "placements": ("、" if language == "zh" else ", ").join(memo.placements),
        "day": memo.day,
    }
    return memos_in[language][memo.kind].format(**parts)


def _days(count: int | None, language: str) -> str:
    if language == "zh":
        return f"{count} 天"
    return "1 day" if count == 1 else f"{count} days"
