"""A sale's life: whatever is reported, in whatever order, what is due stands in the ledger."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kouling import ConversionStatus, Engine, Money, Refund
from kouling.clock import ManualClock
from kouling.errors import Conflict, IdempotencyConflict, InvalidInput, NotFound
from kouling.gate import Subject, SubjectKind
from kouling.ids import ConversionId, OfferId, UserId
from kouling.settle import (
    Account,
    AccountKind,
    Cancellation,
    Conversion,
    Entry,
    EntryKind,
    MemoKind,
    Posting,
)
from kouling.settle.records import About, EntryDraft, Memo
from kouling.settle.table.ledger import append_entry
from tests.conftest import noon
from tests.samples import conversion, friend, offer, price, seller, stranger

ordered, paid, received, cancelled = ConversionStatus


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def refund(minor: int, id: str = "refund-1", **changes: Any) -> Refund:
    fields = {"id": id, "conversion": ConversionId("order-1"), "amount": cny(minor)}
    return Refund(**{**fields, **changes})


def off(id: str = "off-1", **changes: Any) -> Cancellation:
    return Cancellation(**{"id": id, "conversion": ConversionId("order-1"), **changes})


def balance(engine: Engine, owner: str = seller) -> tuple[int, int]:
    """What is settled and what is pending of an owner."""
    found = {b.account.owner: (b.posted, b.pending) for b in engine.settle.ledger.balances()}
    return found.get(UserId(owner), (0, 0))


def share(minor: int) -> int:
    """The sharer's part of what is sold."""
    whole = minor // 10
    return whole - whole // 10


@pytest.fixture
def sold(engine: Engine, clock: ManualClock) -> Engine:
    """The friend has redeemed the seller's code: what it buys now is the seller's doing."""
    engine.redeem(engine.mint(offer(), sharer=seller).code, buyer=friend)
    clock.advance(hours=1)
    return engine


def at(minutes: int) -> Any:
    return noon + timedelta(minutes=minutes)


def sale(status: ConversionStatus = paid, minor: int = price.minor, **changes: Any) -> Conversion:
    return conversion(**{"status": status, "amount": cny(minor), **changes})


Report = Conversion | Refund | Cancellation

stories: dict[str, tuple[tuple[Report, ...], tuple[int, int]]] = {
    "ordered": ((sale(ordered),), (0, 0)),
    "paid": ((sale(),), (0, 1_791)),
    "received": ((sale(), sale(received)), (1_791, 0)),
    "received is the first thing heard": ((sale(received),), (1_791, 0)),
    "received before paid, with less": ((sale(received, 15_000), sale()), (share(15_000), 0)),
    "an order grows": ((sale(minor=10_000), sale(received, 20_000)), (share(20_000), 0)),
    "cancelled before receipt": ((sale(), sale(cancelled)), (0, 0)),
    "cancelled after receipt": ((sale(received), off()), (0, 0)),
    "cancelled before it is heard of": ((off(), sale()), (0, 0)),
    "a refund of all before receipt": ((sale(), refund(19_900)), (0, 0)),
    "a refund of a part before receipt": ((sale(), refund(9_900)), (0, share(10_000))),
    "a refund of a part after receipt": ((sale(received), refund(9_900)), (share(10_000), 0)),
    "a refund comes first": ((refund(9_900), sale()), (0, share(10_000))),
    "two refunds come first": (
        (refund(9_900), refund(5_000, "refund-2"), sale(received)),
        (share(5_000), 0),
    ),
    "what is left is reported, net": (
        (sale(), refund(9_900), sale(received, 10_000, net=True)),
        (share(10_000), 0),
    ),
    "a refund after a net report": (
        (sale(received, 10_000, net=True), refund(4_000)),
        (share(6_000), 0),
    ),
    "all is refunded, net": ((sale(), sale(received, 0, net=True)), (0, 0)),
    "the newest snapshot stands": (
        (
            sale(minor=10_000, reported_at=at(30)),
            sale(minor=20_000, reported_at=at(10)),
            sale(received, 15_000, reported_at=at(20)),
        ),
        (0, share(10_000)),
    ),
    "a snapshot goes backwards": (
        (sale(received, reported_at=at(10)), sale(minor=10_000, reported_at=at(20))),
        (0, share(10_000)),
    ),
    "a snapshot takes a cancellation back": (
        (sale(reported_at=at(10)), sale(cancelled, reported_at=at(20)), sale(reported_at=at(30))),
        (0, 1_791),
    ),
    "more after receipt": (
        (sale(received, 10_000, reported_at=at(10)), sale(received, reported_at=at(20))),
        (1_791, 0),
    ),
}


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_a_story_ends_with_what_is_due(sold: Engine, clock: ManualClock, twice: bool) -> None:
    """Each is told of an order of its own, so one engine hears them all."""
    before = balance(sold)
    for number, (reports, wanted) in enumerate(stories.values()):
        for report in reports:
            for _ in range(1 + twice):
                tell(sold, named(report, f"order-{number}", f"{number}"))
        after = balance(sold)
        assert (after[0] - before[0], after[1] - before[1]) == wanted, list(stories)[number]
        before = after
    sold.settle.ledger.verify()


def named(report: Report, order: str, prefix: str) -> Report:
    if isinstance(report, Conversion):
        return Conversion(**{**fields(report), "id": ConversionId(order)})
    changed = {**fields(report), "id": f"{prefix}-{report.id}", "conversion": ConversionId(order)}
    return type(report)(**changed)


def fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def tell(engine: Engine, report: Report) -> Entry | None:
    if isinstance(report, Conversion):
        return engine.settle(report)
    if isinstance(report, Refund):
        return engine.settle.refund(report)
    return engine.settle.cancel(report)


def test_snapshots_and_refunds_come_to_the_same_in_every_order(sold: Engine) -> None:
    reports: list[Report] = [
        sale(minor=20_000, reported_at=at(10)),
        sale(received, 18_000, reported_at=at(20)),
        refund(3_000),
        refund(2_000, "refund-2"),
    ]
    before = balance(sold)[0]
    for number, order in enumerate(itertools.permutations(reports)):
        for report in order:
            tell(sold, named(report, f"order-{number}", f"{number}"))
        assert balance(sold) == (before + share(13_000), 0), order
        before = balance(sold)[0]
    sold.settle.ledger.verify()


def test_two_shops_may_have_the_same_numbers(sold: Engine) -> None:
    lamp = offer(id="lamp", merchant="other", url="https://other.example/lamp")
    sold.redeem(sold.mint(lamp, sharer=stranger).code, buyer=friend)
    sold.settle(sale())
    sold.settle(sale(offer=OfferId("lamp")))
    for merchant in ("shop", "other"):
        sold.settle.refund(refund(9_900, merchant=UserId(merchant)))

    assert balance(sold, seller) == balance(sold, stranger) == (0, share(10_000))
    with pytest.raises(InvalidInput, match="several merchants"):
        sold.settle.refund(refund(1, "refund-2"))
    with pytest.raises(InvalidInput, match="is not of merchant 'other'"):
        sold.settle(sale(id="order-2", merchant=UserId("other")))


def test_each_line_of_a_cart_is_a_sale_of_its_own(sold: Engine) -> None:
    for line in "123":
        sold.settle(sale(minor=10_000, line=line))
    sold.settle.refund(refund(10_000, line="2"))
    sold.settle(sale(received, 10_000, line="3"))

    assert balance(sold) == (share(10_000), share(10_000))
    assert sold.settle.sales.state(ConversionId("order-1"), UserId("shop"), "2").rest == cny(0)


def test_another_body_for_the_same_status_names_what_differs(sold: Engine) -> None:
    sold.settle(sale())

    with pytest.raises(IdempotencyConflict, match=r"another body: amount\b"):
        sold.settle(sale(minor=10_000))
    with pytest.raises(Conflict, match="buyer is 'friend', not 'stranger'"):
        sold.settle(sale(received, buyer=stranger))
    sold.mint(offer(id="dress-2"), sharer=seller)
    with pytest.raises(Conflict, match="offer is 'dress', not 'dress-2'"):
        sold.settle(sale(received, offer=OfferId("dress-2")))


def test_a_refund_waits_for_its_sale(sold: Engine) -> None:
    early, late = refund(9_900, merchant=UserId("shop")), refund(30_000, "too-much")
    assert sold.settle.refund(early) is None
    assert sold.settle.refund(late) is None
    assert sold.settle.refund(early) is None
    assert set(sold.settle.sales.waiting()) == {early, late}

    sold.settle(sale())
    assert sold.settle.sales.waiting() == (late,)
    assert balance(sold) == (0, share(10_000))


def test_a_refund_that_failed_is_booked_back(sold: Engine) -> None:
    sold.settle(sale(received))
    sold.settle.refund(refund(9_900))
    for _ in range(2):
        sold.settle.sales.undo_refund("refund-1", UserId("shop"), "undo-1")

    assert balance(sold) == (1_791, 0)
    with pytest.raises(Conflict, match="undone before"):
        sold.settle.sales.undo_refund("refund-1", UserId("shop"), "undo-2")
    with pytest.raises(NotFound):
        sold.settle.sales.undo_refund("refund-9", UserId("shop"))
    assert sold.settle.refund(refund(19_900, "refund-2")) is not None
    assert balance(sold) == (0, 0)
    sold.settle.ledger.verify()


def test_over_refund_writes_nothing(sold: Engine) -> None:
    sold.settle(sale())
    with pytest.raises(InvalidInput, match="199"):
        sold.settle.refund(refund(19_901))

    assert sold.settle.sales.waiting() == ()
    assert balance(sold) == (0, 1_791)


def pay_out(engine: Engine, minor: int) -> None:
    """Let money go to the sharer."""
    leg = Posting(
        Account(AccountKind.sharer, seller, "CNY"),
        Account(AccountKind.payout, seller, "CNY"),
        cny(minor),
    )
    draft = EntryDraft(
        kind=EntryKind.posted,
        postings=(leg,),
        memo=Memo(MemoKind.commission_settled, amount=cny(minor)),
        about=About("payout", "p-1"),
    )
    clock = engine._runtime.clock
    engine._runtime.store.write(lambda c: append_entry(c, draft, clock()))


def test_what_was_paid_out_is_clawed_back_from_what_the_sharer_owes(sold: Engine) -> None:
    sold.settle(sale(received))
    pay_out(sold, 1_500)
    reversal = sold.settle.refund(refund(19_900))

    assert reversal is not None
    assert [(leg.debit.kind, leg.amount.minor) for leg in reversal.postings] == [
        (AccountKind.sharer, 291),
        (AccountKind.receivable, 1_500),
        (AccountKind.platform, 199),
    ]
    state = sold.settle.sales.state(ConversionId("order-1"), UserId("shop"))
    assert (state.settled, state.clawed_back) == (cny(0), cny(1_500))
    sold.settle.ledger.verify()


def test_a_sale_keeps_its_parties_when_the_platform_is_renamed(
    target: str, clock: ManualClock
) -> None:
    from kouling.config import Settings

    with Engine.open(target, clock=clock) as engine:
        engine.redeem(engine.mint(offer(), sharer=seller).code, buyer=friend)
        engine.settle(sale(received))
    with Engine.open(target, clock=clock, settings=Settings(issuer="renamed")) as engine:
        engine.settle.refund(refund(9_900))
        assert (balance(engine, "kouling"), balance(engine, "renamed")) == ((100, 0), (0, 0))
        engine.settle.ledger.verify()


def test_what_a_banned_sharer_earned_is_held_until_the_ban_is_lifted(sold: Engine) -> None:
    banned = Subject(SubjectKind.user, seller)
    sold.settle(sale())
    sold.gate.ban(banned, "fraud")
    sold.settle(sale(received))

    assert balance(sold) == (0, 1_791)
    state = sold.settle.sales.state(ConversionId("order-1"), UserId("shop"))
    assert state.why[-1].kind is MemoKind.held
    sold.gate.lift(banned)
    assert balance(sold) == (1_791, 0)
    sold.settle.ledger.verify()


def test_a_declared_code_earns_without_a_buyer(sold: Engine) -> None:
    code = sold.mint(offer(), sharer=stranger).code
    sold.settle(sale(buyer=None, code=code))
    sold.settle(sale(id="order-2", code=code))
    sold.settle(sale(id="order-3", buyer=stranger, code=code))
    sold.settle(sale(id="order-4", buyer=None))

    assert balance(sold, stranger) == (0, 2 * 1_791)
    assert balance(sold, seller) == (0, 0)


def test_a_buyer_that_is_told_later_is_attributed(sold: Engine) -> None:
    sold.settle(sale(buyer=None))
    assert balance(sold) == (0, 0)
    sold.settle(sale(received))

    assert balance(sold) == (1_791, 0)
    sold.settle.ledger.verify()


def test_many_are_booked_in_one_transaction_and_a_bad_one_does_no_harm(sold: Engine) -> None:
    answers = sold.settle.many(
        [
            sale(),
            sale(id="order-2", offer=OfferId("nothing")),
            refund(30_000),
            refund(9_900, "refund-2"),
            off("off-1", conversion=ConversionId("order-9")),
            sale(id="order-3", minor=0),
            "nonsense",
            sale(),
        ]
    )

    kinds = [type(one).__name__ for one in answers]
    assert kinds == [
        *("Entry", "NotFound", "InvalidInput", "Entry", "NoneType"),
        *("InvalidInput", "WrongType", "Entry"),
    ]
    assert balance(sold) == (0, share(10_000))
    with pytest.raises(InvalidInput, match="more than 1000"):
        sold.settle.many([sale()] * 1_001)
    sold.settle.ledger.verify()


def test_a_state_tells_all_of_a_sale(sold: Engine) -> None:
    sold.settle(sale())
    sold.settle.refund(refund(9_900))
    state = sold.settle.sales.state(ConversionId("order-1"), UserId("shop"))

    assert (state.amount, state.refunded, state.rest) == (price, cny(9_900), cny(10_000))
    assert (state.estimated, state.settled) == (cny(900), cny(0))
    assert [touch.sharer for touch in state.path] == [seller]
    assert [one.touchpoint.sharer for one in state.attributions] == [seller]
    assert [memo.kind for memo in state.why] == [
        *(MemoKind.commission_estimated, MemoKind.refund, MemoKind.commission_estimated)
    ]
    with pytest.raises(NotFound, match="no conversion 'order-2'"):
        sold.settle.sales.state(ConversionId("order-2"), UserId("shop"))


def test_at_most_a_thousand_touchpoints_are_looked_at_and_the_memo_says_so(
    sqlite_engine: Engine,
) -> None:
    engine = sqlite_engine
    code = engine.mint(offer(), sharer=seller).code
    visit: Any = engine.redeem(code, buyer=friend)
    row = "INSERT INTO touch (code, merchant, sharer, buyer, touched_at, redemption, own)"
    many = f"{row} SELECT code, merchant, sharer, buyer, touched_at, redemption, own FROM touch"
    for _ in range(10):
        engine._runtime.store.write(lambda c: c.execute(sa.text(many)))
    entry = engine.settle(sale())

    assert visit.code == code
    assert entry is not None
    assert entry.memo.touchpoints == 1_000


steps = st.one_of(
    st.tuples(st.just("report"), st.sampled_from(list(ConversionStatus)), st.integers(0, 9)),
    st.tuples(st.just("refund"), st.integers(1, 9_000), st.integers(0, 5)),
    st.tuples(st.just("undo"), st.just(0), st.integers(0, 5)),
    st.tuples(st.just("cancel"), st.just(0), st.just(0)),
)
_numbers = itertools.count(1)


@given(st.lists(steps, max_size=8))
def test_whatever_is_reported_the_ledger_stays_in_order(
    sqlite_engine: Engine, told: list[tuple[str, Any, int]]
) -> None:
    engine, name = sqlite_engine, f"any-{next(_numbers)}"
    engine.redeem(engine.mint(offer(), sharer=seller).code, buyer=friend)
    acts: dict[str, Callable[[Any, int], object]] = {
        "report": lambda status, number: engine.settle(
            sale(
                status,
                10_000 + 1_000 * number,
                id=name,
                reported_at=noon - timedelta(minutes=number),
                net=number % 3 == 0,
            )
        ),
        "refund": lambda minor, number: engine.settle.refund(
            refund(minor, f"{name}-{number}", conversion=name, merchant=UserId("shop"))
        ),
        "undo": lambda _, number: engine.settle.sales.undo_refund(
            f"{name}-{number}", UserId("shop")
        ),
        "cancel": lambda *_: engine.settle.cancel(off(name, conversion=name)),
    }
    for act, what, number in told:
        with contextlib.suppress(
            InvalidInput, Conflict, NotFound
        ):  # what is refused is not written
            acts[act](what, number)
    engine.settle.ledger.verify()
    try:
        state = engine.settle.sales.state(ConversionId(name), UserId("shop"))
    except NotFound:
        return
    due = share(state.rest.minor) if state.status in (paid, received) else 0
    assert state.estimated.minor + state.settled.minor == due
