"""What settle takes in and gives out: conversions, attributions, accounts, entries, postings."""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta

import msgspec

from kouling.ids import ConversionId, EntryId, Name, OfferId, RedemptionId, UserId
from kouling.money import Money
from kouling.redeem import Touchpoint


class ConversionStatus(enum.StrEnum):
    """How far a sale has come: ordered, paid (estimated), received (settled), or cancelled."""

    ordered = "ordered"
    paid = "paid"
    received = "received"
    cancelled = "cancelled"


class Conversion(msgspec.Struct, frozen=True):
    """A sale reported by a merchant: one line of an order, known by merchant, `id` and `line`.

    `amount` is what the commission counts on, before refunds; with `net` it is what is left after
    all refunds so far. `converted_at` is when the buyer paid; None means now. Reports that say
    when they were made (`reported_at`) are snapshots: the newest one stands. Without it a sale
    only goes forward. `code` names the share code that led to the sale, where the merchant knows
    it; `tracking`, `first` and `commission` are what a network says of it: its own id for the
    sharer, whether it is the buyer's first order, and what it pays.
    """

    id: ConversionId
    offer: OfferId
    amount: Money
    buyer: UserId | None = None
    merchant: UserId | None = None
    line: str = ""
    status: ConversionStatus = ConversionStatus.paid
    converted_at: datetime | None = None
    reported_at: datetime | None = None
    net: bool = False
    code: str = ""
    tracking: str = ""
    first: bool | None = None
    commission: Money | None = None


class Refund(msgspec.Struct, frozen=True):
    """A buyer gets money back, in part or in whole; known by merchant, `id` and `line`.

    Without `merchant` it is the one that has the sale. It may come before the sale is reported.
    """

    id: Name
    conversion: ConversionId
    amount: Money
    merchant: UserId | None = None
    line: str = ""
    reason: str = ""
    refunded_at: datetime | None = None


class Cancellation(msgspec.Struct, frozen=True):
    """A sale is off; it may come before the sale is reported."""

    id: Name
    conversion: ConversionId
    merchant: UserId | None = None
    line: str = ""
    reason: str = ""


class Attribution(msgspec.Struct, frozen=True):
    """Who earned a sale, and what part of it in basis points."""

    touchpoint: Touchpoint
    fraction_bps: int


class RateCard(msgspec.Struct, frozen=True):
    """The price of sharing: commission on the sale, and the platform's part of it."""

    rate_bps: int
    platform_bps: int


class Commission(msgspec.Struct, frozen=True):
    """What a sale earns: the sharer's part and the platform's."""

    sharer: Money
    platform: Money


class AccountKind(enum.StrEnum):
    """Whose account it is, and what stands on it."""

    merchant = "merchant"
    sharer = "sharer"
    platform = "platform"
    leader = "leader"
    receivable = "receivable"
    payout = "payout"
    tax = "tax"
    packet = "packet"
    funder = "funder"
    cash = "cash"


never_below_zero = (AccountKind.sharer, AccountKind.payout, AccountKind.tax, AccountKind.packet)
"""Kinds of accounts that the database keeps from falling below zero, pending debits counted.

A merchant's may fall to its credit limit if it has one; the others may fall.
"""


class Account(msgspec.Struct, frozen=True):
    """A bucket with a balance in one currency."""

    kind: AccountKind
    owner: str
    currency: str

    @property
    def name(self) -> str:
        """Kind, owner and currency in one word: what the ledger knows the account by."""
        return f"{self.kind}:{self.owner}:{self.currency}"


class Posting(msgspec.Struct, frozen=True):
    """One leg of an entry: an amount leaves the debit account for the credit account."""

    debit: Account
    credit: Account
    amount: Money


class EntryKind(enum.StrEnum):
    """What an entry does: hold an estimate, settle or void it, take a settled one back."""

    pending = "pending"
    posted = "posted"
    voided = "voided"
    reversal = "reversal"


class MemoKind(enum.StrEnum):
    """What an entry is about; each kind fills the fields of `Memo` that stand behind it."""

    commission_estimated = "commission_estimated"  # amount
    commission_settled = "commission_settled"  # amount
    no_share_code = "no_share_code"  # days
    own_share_code = "own_share_code"  # days
    refund = "refund"  # amount, of
    paid_places = "paid_places"  # placements
    past_places = "past_places"  # placements, day
    refund_undone = "refund_undone"  # amount, of
    reported_anew = "reported_anew"  # amount
    cancelled = "cancelled"  # amount
    held = "held"  # amount


class Memo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an entry is about, as data; the words for it are made where people read it.

    `amount` is what a commission is on, or what was refunded in all `of` a sale. `days` is the
    attribution window in which no share code led to the sale, or only the buyer's own.
    `touchpoints` is how many were looked at, where there were more than that.
    `placements` are those whose places were paid; `day` is when, if it was before the entry's.

    Fields that are not filled are left out of what is stored, so that one added later changes no
    hash of an entry that is there.
    """

    kind: MemoKind
    amount: Money | None = None
    of: Money | None = None
    days: int | None = None
    placements: tuple[str, ...] = ()
    day: date | None = None
    touchpoints: int | None = None


class About(msgspec.Struct, frozen=True):
    """What an entry that is no sale's is about: its kind, such as a payout, and which one."""

    kind: str
    id: str


class SaleTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part in a sale and at which rates: what it keeps from its first entry on.

    `days` is the attribution window; `touchpoints` how many were looked at, where there were more.
    """

    offer: OfferId
    buyer: UserId | None
    platform: str
    sharer: UserId | None
    redemption: RedemptionId | None
    rate_bps: int
    platform_bps: int
    days: int
    touchpoints: int | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A balanced event in the ledger; it never changes, later entries refer to it.

    Each posting moves one amount between two accounts, so an entry balances whatever its
    postings are. It is of a sale (`conversion`, with its `merchant` and `line`), or `about`
    something else, such as a day's charges. `entered_at` never goes back from entry to entry;
    `effective_at` is when what it tells happened. `terms` are those of the sale where they are
    told for the first time. `hash` covers the entry and the hash of the entry before it.
    """

    id: EntryId
    kind: EntryKind
    conversion: ConversionId | None
    postings: tuple[Posting, ...]
    memo: Memo
    entered_at: datetime
    effective_at: datetime
    merchant: UserId | None = None
    line: str = ""
    about: About | None = None
    terms: SaleTerms | None = None
    refers: EntryId | None = None
    hash: str = ""


class SaleKey(msgspec.Struct, frozen=True):
    """By what a sale is known, and its number in this database."""

    no: int
    merchant: UserId
    id: ConversionId
    line: str


class EntryDraft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry before the ledger gives it its place in the chain.

    `released` are the postings of the estimate that it settles or voids.
    """

    kind: EntryKind
    postings: tuple[Posting, ...]
    memo: Memo
    sale: SaleKey | None = None
    about: About | None = None
    terms: SaleTerms | None = None
    refers: EntryId | None = None
    effective_at: datetime | None = None
    released: tuple[Posting, ...] = ()


class ConversionState(msgspec.Struct, frozen=True, kw_only=True):
    """A sale with what became of it: the report that stands, its refunds, terms and entries.

    `netted` is the part of `refunded` that a net amount has in it already. `why` is said where
    nobody earns. `held` is set while what is received may not be settled. `entries` are all that
    are of the sale, in the order they were made.
    """

    key: SaleKey
    conversion: Conversion
    terms: SaleTerms
    refunded: Money
    netted: Money
    why: Memo | None = None
    held: bool = False
    report: str = ""
    entries: tuple[Entry, ...] = ()

    @property
    def rest(self) -> Money:
        """What was sold and not refunded."""
        left = self.conversion.amount - (self.refunded - self.netted)
        return left if left.minor > 0 else Money(0, left.currency)

    @property
    def card(self) -> RateCard:
        """The rates of the sale."""
        return RateCard(self.terms.rate_bps, self.terms.platform_bps)


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an order as it stands: what was sold, who earns what of it, and why.

    `path` are the touchpoints within the window, earliest first. `estimated`, `settled`, `paid`
    and `clawed_back` are the sharer's: held until receipt, settled, paid out, and taken back
    after that. `why` tells each step; the words for it are made where people read it.
    """

    id: ConversionId
    merchant: UserId
    line: str
    offer: OfferId
    buyer: UserId | None
    status: ConversionStatus
    amount: Money
    net: bool
    refunded: Money
    rest: Money
    path: tuple[Touchpoint, ...]
    attributions: tuple[Attribution, ...]
    card: RateCard
    estimated: Money
    settled: Money
    paid: Money
    clawed_back: Money
    why: tuple[Memo, ...]
    entries: tuple[Entry, ...]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """On what terms sales are settled: who the platform is, its part, and the window."""

    platform: str
    platform_bps: int
    attribution_window: timedelta


class LedgerFormat(enum.StrEnum):
    """How a ledger is written out."""

    beancount = "beancount"
    csv = "csv"
    jsonl = "jsonl"


class Head(msgspec.Struct, frozen=True):
    """The last entry of a ledger and its hash: written down elsewhere, it finds a cut-off tail."""

    id: EntryId
    hash: str


class Verified(msgspec.Struct, frozen=True):
    """A ledger that is in order: how many entries it has, and its head."""

    entries: int
    head: Head


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on an account, in minor units: settled, and still pending."""

    account: Account
    posted: int
    pending: int
