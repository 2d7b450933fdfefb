"""Settle: a conversion becomes balanced postings."""

from kouling.settle.charge import post_charges, post_missing
from kouling.settle.check import check_ledger
from kouling.settle.conversion import (
    check_conversion,
    check_refund,
    refund_conversion,
    settle_conversion,
    terms_of,
)
from kouling.settle.records import (
    Account,
    AccountKind,
    Balance,
    Conversion,
    ConversionStatus,
    Entry,
    EntryKind,
    Memo,
    MemoKind,
    Posting,
    RateCard,
    Refund,
)
from kouling.settle.table.conversions import conversion_table
from kouling.settle.table.ledger import balances, entry_table, list_entries, posting_table

__all__ = [
    "Account",
    "AccountKind",
    "Balance",
    "Conversion",
    "ConversionStatus",
    "Entry",
    "EntryKind",
    "Memo",
    "MemoKind",
    "Posting",
    "RateCard",
    "Refund",
    "balances",
    "check_conversion",
    "check_ledger",
    "check_refund",
    "conversion_table",
    "entry_table",
    "list_entries",
    "post_charges",
    "post_missing",
    "posting_table",
    "refund_conversion",
    "settle_conversion",
    "terms_of",
]
