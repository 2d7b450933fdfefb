"""What settle takes in and gives out: conversions, attributions, accounts, entries, postings."""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta

import msgspec

from kouling.ids import ConversionId, EntryId, OfferId, RedemptionId, UserId
from kouling.money import Money
from kouling.redeem import Touchpoint


class ConversionStatus(enum.StrEnum):
    """How far a sale has come: paid (commission is estimated) or received (it is settled)."""

    paid = "paid"
    received = "received"


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """A sale reported by a merchant; `id` is the order's and the idempotency key.

    `converted_at` is when the buyer paid; None means now. A sale is reported when it is paid,
    and again, with the same id, when the goods are received.
    """

    id: ConversionId
    buyer: UserId
    offer: OfferId
    amount: Money
    status: ConversionStatus = ConversionStatus.paid
    converted_at: datetime | None = None


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer gets money back, in part or in whole; `id` is the idempotency key."""

    id: str
    conversion: ConversionId
    amount: Money


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
    """Whose account it is: the merchant pays, sharer and platform earn."""

    merchant = "merchant"
    sharer = "sharer"
    platform = "platform"


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


class Memo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an entry is about, as data; the words for it are made where people read it.

    `amount` is what a commission is on, or what was refunded in all `of` a sale. `days` is the
    attribution window in which no share code led to the sale, or only the buyer's own.
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


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A balanced event in the ledger; it never changes, later entries refer to it.

    Each posting moves one amount between two accounts, so an entry balances whatever its
    postings are. `conversion` is the sale that it is about, None where it is about none, such as
    the charges for a page's paid places. `hash` covers the entry and the `previous` entry's hash.
    """

    id: EntryId
    kind: EntryKind
    conversion: ConversionId | None
    postings: tuple[Posting, ...]
    memo: Memo
    entered_at: datetime
    previous: str
    refers: EntryId | None = None
    hash: str = ""


class EntryDraft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry before the ledger gives it its place in the chain."""

    kind: EntryKind
    conversion: ConversionId | None
    postings: tuple[Posting, ...]
    memo: Memo
    refers: EntryId | None = None


class ConversionState(msgspec.Struct, frozen=True, kw_only=True):
    """A conversion with what became of it: what was refunded, who earned it, at which rates.

    `sharer` and `redemption` are None when no share code led to the sale. `entries` are all that
    are about it, in the order they were made.
    """

    conversion: Conversion
    refunded: Money
    merchant: UserId
    card: RateCard
    sharer: UserId | None = None
    redemption: RedemptionId | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def rest(self) -> Money:
        """What was sold and not refunded."""
        return self.conversion.amount - self.refunded


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """On what terms sales are settled: who the platform is, its part, and the window."""

    platform: str
    platform_bps: int
    attribution_window: timedelta


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on an account, in minor units: settled, and still pending."""

    account: Account
    posted: int
    pending: int
