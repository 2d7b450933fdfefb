from datetime import date, timedelta

import pytest

from kouling import Engine, Money, Refund, bundled_policy
from kouling.clock import ManualClock
from kouling.errors import InvalidInput
from kouling.ids import ItemId
from kouling.insight import Cell, reports
from tests.samples import conversion, foreign_text, friend, item, offer, seller


def test_the_funnel_counts_every_stage_of_its_day(engine: Engine, clock: ManualClock) -> None:
    engine.people.befriend(seller, friend)
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    code = engine.mint(offer(), sharer=seller)
    engine.gate(item("1", f"￥{code.code}￥"))
    engine.gate(item("2", foreign_text))
    engine.deliver(friend, "moments")
    engine.deliver.like(friend, ItemId("1"))
    engine.redeem(code.code, buyer=friend)
    engine.settle(conversion())

    table = engine.insight("funnel", clock.at.date())

    assert table.rows == (
        ("items", 2, None, None, None),
        ("allowed", 1, 0.5, None, None),
        ("impressions", 1, 1.0, None, None),
        ("likes", 1, 1.0, None, None),
        ("follows", 0, 0.0, None, None),
        ("redemptions", 1, None, None, None),
        ("conversions", 1, 1.0, None, None),
        ("commission pending", None, None, Money(1_990, "CNY"), Money(1_990, "CNY")),
    )


def test_what_stands_is_told_beside_what_moved(engine: Engine, clock: ManualClock) -> None:
    """Three estimates of one sale were held in turn, and one of them stands."""
    engine.redeem(engine.mint(offer(), sharer=seller).code, buyer=friend)
    engine.settle(conversion())
    for number, minor in enumerate((9_900, 5_000)):
        refund = Refund(f"refund-{number}", conversion().id, Money(minor, "CNY"))
        engine.settle.refund(refund)

    def commission() -> dict[Cell, tuple[int, int]]:
        rows = engine.insight("funnel", clock.at.date()).rows
        return {
            name: (stands.minor, moved.minor)
            for name, _, _, stands, moved in rows
            if isinstance(stands, Money) and isinstance(moved, Money)
        }

    assert commission() == {"commission pending": (500, 3_490), "commission voided": (2_990, 2_990)}
    engine.settle(conversion(status="received"))
    engine.settle.refund(Refund("refund-9", conversion().id, Money(2_000, "CNY")))
    assert commission() == {
        "commission pending": (0, 3_490),
        "commission posted": (300, 500),
        "commission voided": (2_990, 2_990),
        "commission reversal": (200, 200),
    }


def test_another_day_has_a_funnel_of_its_own(engine: Engine, clock: ManualClock) -> None:
    engine.gate(item("1"))

    yesterday = engine.insight("funnel", clock.at.date() - timedelta(days=1))

    assert set(yesterday.column("count")) == {0}


@pytest.mark.parametrize("name", reports)
def test_a_day_without_an_end_is_an_error(engine: Engine, name: str) -> None:
    with pytest.raises(InvalidInput, match="no day"):
        engine.insight(name, date.max)


def test_an_unknown_table_is_an_error(engine: Engine, clock: ManualClock) -> None:
    with pytest.raises(InvalidInput, match="funnel"):
        engine.insight("tunnel", clock.at.date())
