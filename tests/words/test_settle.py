"""What an entry is about, in words."""

from datetime import date

import pytest

from kouling.language import Language
from kouling.money import Money
from kouling.settle import Memo, MemoKind
from kouling.words import memo_of
from kouling.words.gate import vocabularies

sale, part = Money(19_900, "CNY"), Money(5_000, "CNY")

said = [
    (
        Memo(MemoKind.commission_estimated, amount=sale),
        "commission on ¥199.00, estimated",
        "¥199.00 的佣金，预估",
    ),
    (
        Memo(MemoKind.commission_settled, amount=sale),
        "commission on ¥199.00, settled",
        "¥199.00 的佣金，已结算",
    ),
    (
        Memo(MemoKind.no_share_code, days=15),
        "no commission: no share code led to the sale within 15 days",
        "无佣金：15 天内没有口令带来这笔交易",
    ),
    (
        Memo(MemoKind.own_share_code, days=1),
        "no commission: the buyer's own code led to the sale within 1 day",
        "无佣金：1 天内带来这笔交易的是买家自己的口令",
    ),
    (
        Memo(MemoKind.refund, amount=part, of=sale),
        "refund: ¥50.00 of ¥199.00 in all",
        "退款：¥199.00 中累计退款 ¥50.00",
    ),
    (
        Memo(MemoKind.paid_places, placements=("lamp", "silk")),
        "paid places: lamp, silk",
        "付费展位：lamp、silk",
    ),
    (
        Memo(MemoKind.past_places, placements=("lamp",), day=date(2018, 5, 29)),
        "paid places of 2018-05-29: lamp",
        "2018-05-29 的付费展位：lamp",
    ),
    (
        Memo(MemoKind.refund_undone, amount=part, of=sale),
        "refund undone: ¥50.00 of ¥199.00 stay refunded",
        "退款撤销：¥199.00 中仍有 ¥50.00 已退款",
    ),
    (Memo(MemoKind.reported_anew, amount=sale), "reported anew: ¥199.00", "重新上报：¥199.00"),
    (Memo(MemoKind.cancelled, amount=sale), "cancelled", "已取消"),
    (
        Memo(MemoKind.held, amount=sale),
        "commission on ¥199.00, held: the sharer is banned",
        "¥199.00 的佣金，暂扣：分享者已被封禁",
    ),
    (
        Memo(MemoKind.commission_estimated, amount=sale, touchpoints=1_000),
        "commission on ¥199.00, estimated (the newest 1,000 touches were looked at)",
        "¥199.00 的佣金，预估（只看了最近 1,000 次触达）",
    ),
]


@pytest.mark.parametrize(("memo", "english", "chinese"), said)
def test_a_memo_is_said_in_english_and_chinese(memo: Memo, english: str, chinese: str) -> None:
    assert memo_of(memo) == english
    assert memo_of(memo, Language.zh) == chinese


@pytest.mark.parametrize("language", Language)
def test_each_kind_of_memo_has_words(language: Language) -> None:
    assert list(vocabularies[language].memo) == list(MemoKind)
    assert {memo.kind for memo, *_ in said} == set(MemoKind)
