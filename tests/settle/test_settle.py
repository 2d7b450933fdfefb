from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kouling import ConversionStatus, Engine, Entry, Money, Refund
from kouling.clock import ManualClock
from kouling.errors import (
    Conflict,
    CurrencyMismatch,
    IdempotencyConflict,
    InvalidInput,
    LimitExceeded,
    NotFound,
)
from kouling.ids import ConversionId
from kouling.settle import EntryKind, Memo, MemoKind
from tests.samples import conversion, friend, offer, price, seller, stranger

received = ConversionStatus.received


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def refund(minor: int, id: str = "refund-1", **changes: Any) -> Refund:
    fields = {"id": id, "conversion": ConversionId("order-1"), "amount": cny(minor)}
    return Refund(**{**fields, **changes})


def made(entry: Entry | None) -> Entry:
    assert entry is not None
    return entry


def amounts(entry: Entry) -> list[tuple[str, str, int]]:
    return [(leg.debit.owner, leg.credit.owner, leg.amount.minor) for leg in entry.postings]


def balance(engine: Engine, owner: str) -> tuple[int, int]:
    found = {b.account.owner: (b.posted, b.pending) for b in engine.settle.ledger.balances()}
    return found.get(owner, (0, 0))


@pytest.fixture
def sold(engine: Engine) -> Engine:
    """The friend has redeemed the seller's code: what it buys now is the seller's doing."""
    code = engine.mint(offer(), sharer=seller)
    engine.redeem(code.code, buyer=friend)
    return engine


def test_a_paid_sale_holds_the_estimated_commission(sold: Engine) -> None:
    entry = made(sold.settle(conversion()))

    assert entry.kind is EntryKind.pending
    assert amounts(entry) == [("shop", "seller", 1_791), ("shop", "kouling", 199)]
    assert balance(sold, "seller") == (0, 1_791)
    assert balance(sold, "shop") == (0, -1_990)


def test_a_received_sale_settles_it(sold: Engine) -> None:
    pending = made(sold.settle(conversion()))
    posted = made(sold.settle(conversion(status=received)))

    assert (posted.kind, posted.refers) == (EntryKind.posted, pending.id)
    assert balance(sold, "seller") == (1_791, 0)


def test_received_before_paid_is_settled_all_the_same(sold: Engine) -> None:
    posted = made(sold.settle(conversion(status=received)))

    assert posted.kind is EntryKind.posted
    assert sold.settle(conversion()) == posted
    assert balance(sold, "seller") == (1_791, 0)


def test_a_lower_amount_confirmed_at_receipt_earns_less(sold: Engine) -> None:
    sold.settle(conversion())
    sold.settle(conversion(status=received, amount=cny(10_000)))

    assert balance(sold, "seller") == (900, 0)
    assert balance(sold, "shop") == (-1_000, 0)


def test_a_memo_states_what_the_commission_is_on(sold: Engine) -> None:
    """It was made from the estimate's words before, and named the sum that was paid."""
    paid = made(sold.settle(conversion()))
    posted = made(sold.settle(conversion(status=received, amount=cny(10_000))))
    reversal = made(sold.settle.refund(refund(4_000)))

    assert paid.memo == Memo(MemoKind.commission_estimated, amount=price)
    assert posted.memo == Memo(MemoKind.commission_settled, amount=cny(10_000))
    assert reversal.memo == Memo(MemoKind.refund, amount=cny(4_000), of=cny(10_000))


def test_a_sale_that_earns_nothing_says_why_to_its_end(engine: Engine) -> None:
    engine.mint(offer(), sharer=seller)
    why = Memo(MemoKind.no_share_code, days=15)

    assert made(engine.settle(conversion())).memo == why
    assert made(engine.settle.refund(refund(4_000))).memo == why
    assert made(engine.settle(conversion(status=received))).memo == why


def test_settling_reads_nothing_back(sold: Engine) -> None:
    """The entry that is returned is the one that was appended."""
    statements: list[str] = []
    sa.event.listen(
        sold._runtime.store._writer,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )
    acts: tuple[Callable[[], object], ...] = (
        lambda: sold.settle(conversion()),
        lambda: sold.settle(conversion(status=received)),
        lambda: sold.settle.refund(refund(1_000)),
    )
    for act in acts:
        statements.clear()
        act()
        last = max(n for n, one in enumerate(statements) if one.startswith("INSERT INTO posting"))
        read = [one for one in statements[last:] if one.startswith("SELECT")]
        assert [one for one in read if "FROM event " not in one] == []


def test_reporting_twice_earns_once(sold: Engine) -> None:
    assert sold.settle(conversion()) == sold.settle(conversion())
    assert sold.settle.ledger.verify().entries == 1


def test_the_last_touch_in_the_window_earns(engine: Engine, clock: ManualClock) -> None:
    for sharer in (stranger, seller):
        engine.redeem(engine.mint(offer(), sharer=sharer).code, buyer=friend)
        clock.advance(hours=1)

    assert amounts(made(engine.settle(conversion())))[0][1] == seller


def test_a_repeated_touch_moves_though_it_counts_no_use(engine: Engine, clock: ManualClock) -> None:
    ours, theirs = (engine.mint(offer(), sharer=sharer).code for sharer in (seller, stranger))
    for code, minutes in ((ours, 10), (theirs, 10), (ours, 5)):
        engine.redeem(code, buyer=friend)
        clock.advance(minutes=minutes)

    assert amounts(made(engine.settle(conversion())))[0][1] == seller


def test_a_touch_counts_for_other_offers_of_its_merchant(sold: Engine) -> None:
    """New terms are a new offer, and the codes in the wild lead to the old one."""
    sold.mint(offer(id="dress-2", price=cny(20_000), rate_bps=500), sharer=stranger)
    sold.mint(offer(id="lamp", merchant="another shop"), sharer=stranger)

    assert amounts(made(sold.settle(conversion(offer="dress-2"))))[0] == ("shop", "seller", 896)
    assert amounts(made(sold.settle(conversion("order-2", offer="lamp")))) == []


def test_a_touch_outside_the_window_earns_nothing(sold: Engine, clock: ManualClock) -> None:
    clock.advance(days=15, seconds=1)
    entry = made(sold.settle(conversion()))

    assert entry.postings == ()
    assert entry.memo == Memo(MemoKind.no_share_code, days=15)


def test_a_late_report_is_judged_by_when_the_buyer_paid(sold: Engine, clock: ManualClock) -> None:
    paid_at = clock.at
    clock.advance(days=40)

    assert amounts(made(sold.settle(conversion(converted_at=paid_at))))


def test_a_sale_before_the_redemption_earns_nothing(sold: Engine, clock: ManualClock) -> None:
    before = datetime(2018, 5, 1, tzinfo=UTC)

    assert made(sold.settle(conversion(converted_at=before))).postings == ()


def test_ones_own_code_earns_nothing(engine: Engine) -> None:
    engine.redeem(engine.mint(offer(), sharer=friend).code, buyer=friend)
    entry = made(engine.settle(conversion()))

    assert entry.postings == ()
    assert entry.memo == Memo(MemoKind.own_share_code, days=15)


def test_a_refund_before_receipt_voids_the_estimate(sold: Engine) -> None:
    sold.settle(conversion())
    voided = made(sold.settle.refund(refund(19_900)))

    assert voided.kind is EntryKind.voided
    assert balance(sold, "seller") == (0, 0)


def test_a_partial_refund_before_receipt_holds_the_rest(sold: Engine) -> None:
    sold.settle(conversion())
    held = made(sold.settle.refund(refund(9_900)))

    assert held.kind is EntryKind.pending
    assert balance(sold, "seller") == (0, 900)
    sold.settle(conversion(status=received))
    assert balance(sold, "seller") == (900, 0)


def test_a_refund_after_receipt_is_a_reversal(sold: Engine) -> None:
    sold.settle(conversion())
    posted = made(sold.settle(conversion(status=received)))
    reversal = made(sold.settle.refund(refund(19_900)))

    assert (reversal.kind, reversal.refers) == (EntryKind.reversal, posted.id)
    assert amounts(reversal) == [("seller", "shop", 1_791), ("kouling", "shop", 199)]
    assert balance(sold, "seller") == (0, 0)


def test_received_after_a_full_refund_earns_nothing(sold: Engine) -> None:
    sold.settle(conversion())
    sold.settle.refund(refund(19_900))

    assert made(sold.settle(conversion(status=received))).kind is EntryKind.voided
    assert balance(sold, "seller") == (0, 0)


def test_a_refund_repeated_is_booked_once(sold: Engine) -> None:
    sold.settle(conversion())

    assert sold.settle.refund(refund(5_000)) == sold.settle.refund(refund(5_000))
    with pytest.raises(IdempotencyConflict):
        sold.settle.refund(refund(6_000))


def test_more_than_was_paid_is_not_refunded(sold: Engine) -> None:
    sold.settle(conversion())
    sold.settle.refund(refund(19_000))

    with pytest.raises(InvalidInput, match=r"¥9\.00 of ¥199\.00 is left"):
        sold.settle.refund(refund(901, "refund-2"))
    assert made(sold.settle.refund(refund(900, "refund-2"))).kind is EntryKind.voided


@given(
    st.integers(0, 10_000),
    st.lists(st.one_of(st.just("received"), st.integers(1, 12_000)), max_size=6),
)
def test_any_order_of_receipt_and_refunds_earns_the_commission_on_the_rest(
    sqlite_engine: Engine, rate: int, steps: list[str | int]
) -> None:
    engine, name = sqlite_engine, repr((rate, steps))[:120]
    terms = offer(id=name, merchant=name, rate_bps=rate)
    engine.redeem(engine.mint(terms, sharer=seller).code, buyer=friend)
    order = {"id": name, "offer": name}
    engine.settle(conversion(**order))
    rest = 19_900
    for number, step in enumerate(steps):
        if step == "received":
            engine.settle(conversion(status=received, **order))
        elif int(step) <= rest:
            rest -= int(step)
            engine.settle.refund(refund(int(step), f"{name} {number}"[-128:], conversion=name))

    posted, pending = balance(engine, name)
    assert -(posted + pending) == rest * rate // 10_000
    assert engine.settle.ledger.verify().entries > 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount": Money(0, "CNY")}, InvalidInput),
        ({"amount": Money(-1, "CNY")}, InvalidInput),
        ({"amount": Money(100, "USD")}, CurrencyMismatch),
        ({"offer": "nothing"}, NotFound),
        ({"id": ""}, InvalidInput),
        ({"buyer": ""}, InvalidInput),
        ({"converted_at": datetime(2030, 1, 1, tzinfo=UTC)}, InvalidInput),
        ({"converted_at": datetime(2018, 1, 1)}, InvalidInput),  # noqa: DTZ001 - the mistake
        ({"status": "lost"}, InvalidInput),
    ],
)
def test_a_conversion_that_can_not_be_is_refused_and_leaves_nothing(
    sold: Engine, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sold.settle(conversion(**changes))

    assert sold.settle.ledger.verify().entries == 0


def test_an_amount_beyond_the_limit_can_not_be_written() -> None:
    with pytest.raises(LimitExceeded):
        Money(10**15 + 1, "CNY")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount": Money(0, "CNY")}, InvalidInput),
        ({"amount": Money(-1, "CNY")}, InvalidInput),
        ({"amount": Money(1, "USD")}, CurrencyMismatch),
        ({"id": ""}, InvalidInput),
    ],
)
def test_a_refund_that_can_not_be_is_refused(
    sold: Engine, changes: dict[str, Any], error: type[Exception]
) -> None:
    sold.settle(conversion())

    with pytest.raises(error):
        sold.settle.refund(refund(1, **changes))
    assert sold.settle.ledger.verify().entries == 1


@pytest.mark.parametrize(
    "changes", [{"buyer": stranger}, {"amount": cny(price.minor + 1)}, {"status": received}]
)
def test_the_same_order_with_other_facts_is_a_conflict(
    sold: Engine, changes: dict[str, Any]
) -> None:
    sold.settle(conversion())

    if changes == {"status": received}:
        changes = {"status": received, "buyer": stranger}
    with pytest.raises(Conflict):
        sold.settle(conversion(**changes))
