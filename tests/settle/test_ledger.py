from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import LedgerError
from kouling.ids import ConversionId, EntryId
from kouling.money import Money
from kouling.settle import Account, AccountKind, Entry, EntryKind, Memo, MemoKind, Posting, RateCard
from kouling.settle.commission import commission_on
from kouling.settle.ledger.rules import (
    clawback,
    commission_postings,
    difference,
    entry_hash,
    first_hash,
    net_postings,
    seal,
)
from kouling.settle.records import About
from tests.conftest import noon

shop = Account(AccountKind.merchant, "shop", "CNY")
seller = Account(AccountKind.sharer, "seller", "CNY")


def entry(id: int, **changes: object) -> Entry:
    fields = {
        "id": EntryId(id),
        "kind": EntryKind.pending,
        "conversion": ConversionId("order-1"),
        "postings": (Posting(shop, seller, Money(100, "CNY")),),
        "memo": Memo(MemoKind.commission_estimated, amount=Money(1_000, "CNY")),
        "entered_at": noon,
        "effective_at": noon,
        "merchant": "shop",
    }
    return Entry(**{**fields, **changes})  # type: ignore[arg-type]  # fields of many types


@given(st.integers(1, 10**12), st.integers(0, 10_000), st.integers(0, 10_000))
def test_parts_of_a_commission_add_up_and_never_exceed_it(
    minor: int, rate: int, platform: int
) -> None:
    amount = Money(minor, "CNY")
    commission = commission_on(amount, RateCard(rate, platform))

    whole = commission.sharer + commission.platform
    assert whole == amount.bps(rate)
    assert whole.minor <= minor
    assert commission.sharer.minor >= 0
    assert commission.platform.minor >= 0


@given(st.integers(1, 10**9), st.integers(0, 10_000), st.lists(st.integers(0, 10**9), max_size=5))
def test_any_amounts_leave_exactly_the_commission_on_the_last(
    minor: int, rate: int, amounts: list[int]
) -> None:
    card = RateCard(rate, 1_000)
    parties = {"merchant": "shop", "sharer": "seller", "platform": "kouling"}
    entries: list[Entry] = []
    for amount in (minor, *amounts):
        due = commission_postings(commission_on(Money(amount, "CNY"), card), **parties)
        more, less = difference(net_postings(entries), due)
        entries.append(entry(1, kind=EntryKind.posted, postings=more))
        entries.append(entry(2, kind=EntryKind.reversal, postings=less))
        assert sorted(net_postings(entries), key=repr) == sorted(due, key=repr)


@pytest.mark.parametrize(
    "change",
    [
        {"memo": Memo(MemoKind.refund)},
        {"postings": ()},
        {"id": EntryId(9)},
        {"line": "2"},
        {"merchant": "another"},
        {"effective_at": noon - timedelta(seconds=1)},
        {"refers": EntryId(1)},
        {"about": About("payout", "1")},
    ],
)
def test_the_hash_covers_all_of_an_entry_and_the_one_before(change: dict[str, object]) -> None:
    whole = entry(1)
    changed = msgspec.structs.replace(whole, **change)

    assert entry_hash(changed, first_hash) != entry_hash(whole, first_hash)
    assert entry_hash(whole, "1" * 64) != entry_hash(whole, first_hash)


def test_the_hash_of_an_entry_stays_what_it_was() -> None:
    """Ledgers that are stored carry it: whoever changes what it covers breaks their chains."""
    paid = Memo(MemoKind.past_places, placements=("lamp",), day=noon.date())

    assert seal(entry(1), first_hash).hash == (
        "cfbed1c60579c70d9ee827d5a4cc6246b030d10237769c313da553c2ddd37422"
    )
    assert seal(entry(1, memo=paid), first_hash).hash == (
        "ec69b6990724009f8b1505b2abd805960edf84a4ba35926f95f16c797a91b4c5"
    )


def test_what_was_paid_out_is_owed() -> None:
    leg = Posting(seller, shop, Money(100, "CNY"))
    owed = Account(AccountKind.receivable, "seller", "CNY")

    assert clawback(leg, Money(100, "CNY")) == (leg,)
    assert clawback(leg, Money(0, "CNY")) == (Posting(owed, shop, Money(100, "CNY")),)
    assert clawback(leg, Money(30, "CNY")) == (
        Posting(seller, shop, Money(30, "CNY")),
        Posting(owed, shop, Money(70, "CNY")),
    )


@pytest.mark.parametrize(
    "leg",
    [
        Posting(shop, shop, Money(1, "CNY")),
        Posting(shop, seller, Money(0, "CNY")),
        Posting(shop, seller, Money(-1, "CNY")),
        Posting(shop, seller, Money(1, "USD")),
        Posting(shop, Account(AccountKind.sharer, "seller", "USD"), Money(1, "CNY")),
    ],
)
def test_a_leg_that_moves_nothing_or_mixes_currencies_is_refused(leg: Posting) -> None:
    with pytest.raises(LedgerError):
        seal(entry(1, postings=(leg,)), first_hash)


def test_only_a_pending_entry_stands_for_itself() -> None:
    with pytest.raises(LedgerError, match="refer"):
        seal(entry(1, kind=EntryKind.posted), first_hash)
    with pytest.raises(LedgerError, match="refer"):
        seal(entry(1, refers=EntryId(1)), first_hash)


def test_an_entry_is_of_a_sale_or_about_something_else() -> None:
    with pytest.raises(LedgerError, match="of a sale or about"):
        seal(entry(1, about=About("payout", "1")), first_hash)
