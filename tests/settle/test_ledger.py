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
    check_chain,
    commission_postings,
    first_hash,
    net_postings,
    reversal_postings,
    seal,
)
from tests.conftest import noon

shop = Account(AccountKind.merchant, "shop", "CNY")
seller = Account(AccountKind.sharer, "seller", "CNY")


def entry(id: int, previous: str, **changes: object) -> Entry:
    fields = {
        "id": EntryId(id),
        "kind": EntryKind.pending,
        "conversion": ConversionId("order-1"),
        "postings": (Posting(shop, seller, Money(100, "CNY")),),
        "memo": Memo(MemoKind.commission_estimated, amount=Money(1_000, "CNY")),
        "entered_at": noon,
        "previous": previous,
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
def test_any_refunds_leave_exactly_the_commission_on_the_rest(
    minor: int, rate: int, refunds: list[int]
) -> None:
    card, rest = RateCard(rate, 1_000), minor
    parties = {"merchant": "shop", "sharer": "seller", "platform": "kouling"}
    standing = commission_postings(commission_on(Money(minor, "CNY"), card), **parties)
    entries = [entry(1, first_hash, kind=EntryKind.posted, postings=standing)]
    for refund in refunds:
        rest = max(0, rest - refund)
        due = commission_postings(commission_on(Money(rest, "CNY"), card), **parties)
        legs = reversal_postings(net_postings(entries), due)
        entries.append(entry(2, first_hash, kind=EntryKind.reversal, postings=legs))

    due = commission_postings(commission_on(Money(rest, "CNY"), card), **parties)
    assert sorted(net_postings(entries), key=repr) == sorted(due, key=repr)


def test_the_chain_is_checked_from_the_first_entry() -> None:
    first = seal(entry(1, first_hash))
    second = seal(entry(2, first.hash))

    assert check_chain([first, second]) == 2


@pytest.mark.parametrize(
    "change", [{"memo": Memo(MemoKind.refund)}, {"postings": ()}, {"id": EntryId(9)}]
)
def test_a_changed_entry_breaks_the_chain(change: dict[str, object]) -> None:
    first = seal(entry(1, first_hash))
    second = seal(entry(2, first.hash))

    with pytest.raises(LedgerError, match="chain"):
        check_chain([msgspec.structs.replace(first, **change), second])


def test_the_hash_of_an_entry_stays_what_it_was() -> None:
    """Ledgers that are stored carry it: whoever changes what it covers breaks their chains."""
    paid = Memo(MemoKind.past_places, placements=("lamp",), day=noon.date())

    assert seal(entry(1, first_hash)).hash == (
        "775d08dff016af3a5fc59cca4b04142935e0c323057b896e0417cf26d1bc7c06"
    )
    assert seal(entry(1, first_hash, memo=paid)).hash == (
        "5f52751ca168824f24ab94c4726d43389b13f9278652133024515500ba5e71b0"
    )


def test_a_removed_entry_breaks_the_chain() -> None:
    first = seal(entry(1, first_hash))
    second = seal(entry(2, first.hash))

    with pytest.raises(LedgerError, match="entry 2"):
        check_chain([second])


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
        seal(entry(1, first_hash, postings=(leg,)))


def test_only_a_pending_entry_stands_for_itself() -> None:
    with pytest.raises(LedgerError, match="refer"):
        seal(entry(1, first_hash, kind=EntryKind.posted))
    with pytest.raises(LedgerError, match="refer"):
        seal(entry(1, first_hash, refers=EntryId(1)))


def test_more_can_not_remain_than_stands() -> None:
    standing = (Posting(shop, seller, Money(10, "CNY")),)

    with pytest.raises(LedgerError, match="can't remain"):
        reversal_postings(standing, (Posting(shop, seller, Money(11, "CNY")),))
