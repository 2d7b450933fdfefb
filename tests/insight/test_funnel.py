from datetime import date, timedelta

import pytest

from kouling import Engine, Money, bundled_policy
from kouling.clock import ManualClock
from kouling.errors import InvalidInput
from kouling.ids import ItemId
from kouling.insight import reports
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
        ("items", 2, None, None),
        ("allowed", 1, 0.5, None),
        ("impressions", 1, 1.0, None),
        ("likes", 1, 1.0, None),
        ("follows", 0, 0.0, None),
        ("redemptions", 1, None, None),
        ("conversions", 1, 1.0, None),
        ("commission pending", None, None, Money(1_990, "CNY")),
    )


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
