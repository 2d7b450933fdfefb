"""Who comes: a visitor of whom no buyer is known yet, a bot, many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from kouling import Engine, Redemption, Refusal
from kouling.clock import ManualClock
from kouling.errors import Conflict, InvalidInput
from kouling.ids import UserId
from kouling.mint import ShareCode
from kouling.redeem import Arrival, Pasted
from kouling.redeem.bots import bundled_bots, network_of
from tests.samples import conversion, friend, offer, seller, stranger

visitor = UserId("cookie-1")
people = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0.49"


@pytest.fixture
def code(engine: Engine) -> ShareCode:
    return engine.mint(offer(), sharer=seller, uses_max=2)


def uses(engine: Engine) -> tuple[int, int]:
    """How many uses are counted, and how many touches are kept."""
    with engine._runtime.read() as connection:
        counted = connection.scalar(sa.text("SELECT sum(uses) FROM share_code")) or 0
        touches = connection.scalar(sa.text("SELECT count(*) FROM touch")) or 0
    return int(counted), int(touches)


def test_what_a_visitor_touched_counts_once_it_is_known_who_it_is(
    engine: Engine, code: ShareCode, clock: ManualClock
) -> None:
    first = engine.redeem(code.code, visitor=visitor)
    assert isinstance(first, Redemption)
    assert (first.buyer, first.visitor) == (None, visitor)
    clock.advance(minutes=2)
    assert engine.redeem(code.code, visitor=visitor) == first
    for _ in range(2):
        engine.redeem.journeys.identify(visitor, friend)

    clock.advance(minutes=2)
    assert engine.redeem(code.code, buyer=friend) == first
    assert uses(engine) == (1, 3)
    entry = engine.settle(conversion())
    assert entry is not None
    assert entry.postings[0].credit.owner == seller
    with pytest.raises(Conflict):
        engine.redeem.journeys.identify(visitor, stranger)
    assert [one for one in engine.database.check() if one.place != "file"] == []


def test_a_sharer_that_visits_unknown_uses_its_own_code(engine: Engine, code: ShareCode) -> None:
    engine.redeem(code.code, visitor=visitor)
    engine.redeem.journeys.identify(visitor, seller)

    entry = engine.settle(conversion(buyer=seller))
    assert entry is not None
    assert entry.postings == ()


def test_somebody_must_have_pasted_it(engine: Engine, code: ShareCode) -> None:
    with pytest.raises(InvalidInput, match="a buyer or a visitor"):
        engine.redeem(code.code)


def test_a_bot_counts_no_use_and_earns_nothing(engine: Engine, code: ShareCode) -> None:
    crawler = Arrival(user_agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
    visit = engine.redeem(code.code, buyer=friend, visit=crawler)

    assert isinstance(visit, Redemption)
    assert visit.bot
    assert uses(engine) == (0, 1)
    entry = engine.settle(conversion())
    assert entry is not None
    assert entry.postings == ()
    person = engine.redeem(code.code, buyer=friend, visit=Arrival(user_agent=people))
    assert isinstance(person, Redemption)
    assert not person.bot
    assert [one for one in engine.database.check() if one.place != "file"] == []


def test_a_network_that_comes_too_often_is_a_bots(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=stranger)
    rate = bundled_bots().rates["burst"]
    arrival = Arrival(people, ip_prefix="203.0.113.77")
    items = [
        Pasted(code.code, UserId(f"buyer-{number}"), visit=arrival)
        for number in range(rate.count + 3)
    ]
    answers = engine.redeem.many(items)

    marks = [answer.bot for answer in answers if isinstance(answer, Redemption)]
    assert marks == [False] * rate.count + [True] * 3
    assert uses(engine) == (rate.count, rate.count + 3)


def test_only_the_network_is_kept_and_not_for_ever(
    engine: Engine, code: ShareCode, clock: ManualClock
) -> None:
    def networks() -> list[str | None]:
        with engine._runtime.read() as connection:
            return list(connection.scalars(sa.text("SELECT ip_prefix FROM touch ORDER BY id")))

    arrival = Arrival(people, "https://social.example/", "203.0.113.77")
    engine.redeem(code.code, buyer=friend, visit=arrival)
    assert networks() == ["203.0.113.0/24"]
    clock.advance(days=31)
    engine.mint(offer(), sharer=seller, uses_max=2)
    engine.redeem(code.code, buyer=friend, visit=arrival)
    assert networks() == [None, "203.0.113.0/24"]
    with engine._runtime.read() as connection:
        log = " ".join(connection.scalars(sa.text("SELECT request FROM event")))
    assert "203.0.113" not in log
    assert "iPhone" not in log


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("203.0.0.0/16", "203.0.0.0/16"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("", None),
    ],
)
def test_an_address_is_cut_to_its_network(given: str, kept: str | None) -> None:
    assert network_of(Arrival(ip_prefix=given)) == kept


def test_what_is_no_address_or_comes_from_the_future_is_refused(
    engine: Engine, code: ShareCode, clock: ManualClock
) -> None:
    with pytest.raises(InvalidInput, match="no address"):
        engine.redeem(code.code, buyer=friend, visit=Arrival(ip_prefix="home"))
    late = clock.at + timedelta(hours=1)
    with pytest.raises(InvalidInput, match="after now"):
        engine.redeem(code.code, buyer=friend, visit=Arrival(at=late))


def test_many_are_answered_in_order_and_a_bad_one_does_no_harm(
    engine: Engine, code: ShareCode
) -> None:
    answers = engine.redeem.many(
        [
            Pasted(code.code, friend, idempotency_key="tap-1"),
            Pasted("no code", friend),
            Pasted(code.code),
            "nonsense",
            Pasted(code.code, friend, idempotency_key="tap-1"),
            Pasted(code.code, stranger),
        ]
    )

    kinds = [type(answer) for answer in answers[:3]]
    assert kinds == [Redemption, Refusal, InvalidInput]
    assert isinstance(answers[3], InvalidInput)
    assert answers[4] == answers[0]
    assert uses(engine) == (2, 2)
    with pytest.raises(InvalidInput, match="more than 1000"):
        engine.redeem.many([Pasted("x", friend)] * 1_001)
