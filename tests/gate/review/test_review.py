"""The review queue: who waits in it, who decides, and what follows from that."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from kouling import Engine, ItemId, Money, UserId, Visibility, bundled_policy, read_policy
from kouling.clock import ManualClock
from kouling.deliver import Placement
from kouling.errors import (
    Conflict,
    IdempotencyConflict,
    InvalidInput,
    LimitExceeded,
    NotFound,
)
from kouling.gate import Decision, Item, Surface, queue_max
from kouling.gate.records import reason_max
from kouling.language import Language, written
from kouling.words import words_of
from tests.samples import foreign_text, friend, item, seller

ann, bob = UserId("ann"), UserId("bob")
unreadable = (b"<svg/>",)


@pytest.fixture
def policed(engine: Engine) -> Engine:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    engine.people.befriend(seller, friend)
    return engine


def waiting(engine: Engine) -> list[ItemId]:
    return [case.item for case in engine.gate.queue().cases]


def seen(engine: Engine, viewer: UserId, surface: str = "moments") -> list[ItemId]:
    return [place.item.id for place in engine.deliver(viewer, surface).places]


def close(engine: Engine, id: str, outcome: str, reviewer: UserId = ann) -> Decision:
    return engine.gate.review(ItemId(id), outcome, "looked at it", reviewer=reviewer)


def test_what_was_not_inspected_waits_on_policed_surfaces_alone(policed: Engine) -> None:
    limited = policed.gate(item("1", "看", pictures=unreadable))
    policed.gate(item("2", pictures=unreadable, surface="direct", to=friend))
    policed.gate(item("3", foreign_text))

    queue = policed.gate.queue()

    (case,) = queue.cases
    assert queue.waiting == 1
    assert (case.item, case.author, case.surface, case.text) == ("1", seller, "moments", "看")
    assert (case.pictures, case.decision) == (1, limited)
    assert [said.rule for said in limited.review] == ["not-inspected"]


def test_the_oldest_case_comes_first_and_listing_goes_on_from_any(policed: Engine) -> None:
    for id in "abcde":
        policed.gate(item(id, pictures=unreadable))

    first = policed.gate.queue(size=2)
    rest = policed.gate.queue(after=first.cases[-1].number)

    assert [case.item for case in (*first.cases, *rest.cases)] == list("abcde")
    assert first.waiting == rest.waiting == 5


@pytest.mark.parametrize(("after", "size"), [(0, 0), (0, queue_max + 1), (-1, 5)])
def test_a_listing_has_limits(policed: Engine, after: int, size: int) -> None:
    with pytest.raises(InvalidInput, match="can't be listed"):
        policed.gate.queue(after, size)


def test_an_allowed_item_is_seen_at_once_and_its_case_is_closed(
    policed: Engine, clock: ManualClock
) -> None:
    before = policed.gate(item("1", pictures=unreadable))
    assert (seen(policed, seller), seen(policed, friend)) == (["1"], [])
    clock.advance(hours=1)

    decision = close(policed, "1", "allow")

    assert (seen(policed, seller), seen(policed, friend)) == (["1"], ["1"])
    assert policed.gate.decision(ItemId("1")) == decision
    assert (decision.visibility, decision.rules, decision.reasons) == ("allow", (), ())
    assert (decision.signals, decision.policy_version) == (before.signals, before.policy_version)
    assert decision.decided_at > before.decided_at
    assert waiting(policed) == []


@pytest.mark.parametrize(("outcome", "to_author"), [("limit", ["1"]), ("drop", [])])
def test_what_a_reviewer_hides_has_the_reason_in_the_reviewers_words(
    policed: Engine, outcome: str, to_author: list[str]
) -> None:
    policed.gate(item("1", pictures=unreadable))

    decision = close(policed, "1", outcome)

    assert (seen(policed, seller), seen(policed, friend)) == (to_author, [])
    (reason,) = decision.reasons
    assert decision.rules == (reason.rule,) == ("not-inspected",)
    assert (reason.text, reason.outcome, reason.pictures) == (
        written("looked at it"),
        outcome,
        (1,),
    )
    assert words_of(reason, Language.zh) == "looked at it"
    assert [subject.value for subject in decision.subjects] == [seller]


def test_gating_again_gives_the_first_answer_and_leaves_the_reviewers_decision(
    policed: Engine,
) -> None:
    first = policed.gate(item("1", pictures=unreadable))
    reviewed = close(policed, "1", "allow")

    assert policed.gate(item("1", pictures=unreadable)) == first
    assert policed.gate.decision(ItemId("1")) == reviewed


def test_the_same_review_again_is_the_same_answer(policed: Engine, clock: ManualClock) -> None:
    policed.gate(item("1", pictures=unreadable))
    first = close(policed, "1", "allow")
    clock.advance(hours=1)

    assert close(policed, "1", "allow") == first
    with pytest.raises(IdempotencyConflict):
        close(policed, "1", "drop")
    assert policed.gate.decision(ItemId("1")) == first


def test_a_case_that_another_reviewer_closed_says_who_and_how(policed: Engine) -> None:
    policed.gate(item("1", pictures=unreadable))
    close(policed, "1", "drop")

    with pytest.raises(Conflict, match="closed by 'ann': drop"):
        close(policed, "1", "allow", bob)
    assert policed.gate.decision(ItemId("1")).visibility is Visibility.drop


def test_of_reviewers_at_once_one_closes_the_case(policed: Engine) -> None:
    policed.gate(item("1", pictures=unreadable))
    reviewers, ready = [UserId(f"reviewer-{n}") for n in range(12)], threading.Barrier(12)

    def attempt(number: int) -> Decision | Conflict:
        ready.wait(20)
        try:
            return close(policed, "1", list(Visibility)[number % 3], reviewers[number])
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(attempt, range(12)))

    (won,) = [one for one in outcomes if isinstance(one, Decision)]
    assert policed.gate.decision(ItemId("1")) == won
    assert waiting(policed) == []


@pytest.mark.parametrize("id", ["nowhere", "plain"])
def test_an_item_that_does_not_wait_can_not_be_reviewed(policed: Engine, id: str) -> None:
    policed.gate(item("plain"))

    with pytest.raises(NotFound, match="does not wait"):
        close(policed, id, "drop")


bad: list[tuple[dict[str, Any], type[InvalidInput]]] = [
    ({"reason": ""}, InvalidInput),
    ({"reason": " \n"}, InvalidInput),
    ({"reason": "a\0b"}, InvalidInput),
    ({"reason": "a\ud800"}, InvalidInput),
    ({"reason": "x" * (reason_max + 1)}, LimitExceeded),
    ({"visibility": "hide"}, InvalidInput),
    ({"reviewer": ""}, InvalidInput),
]


@pytest.mark.parametrize(("wrong", "error"), bad)
def test_a_bad_review_is_a_clear_error_and_leaves_the_case_open(
    policed: Engine, wrong: dict[str, Any], error: type[InvalidInput]
) -> None:
    policed.gate(item("1", pictures=unreadable))
    asked = {"visibility": "allow", "reason": "fine", "reviewer": ann, **wrong}

    with pytest.raises(error):
        policed.gate.review(ItemId("1"), **asked)
    assert waiting(policed) == ["1"]


everywhere = "direct: {0}, group: {0}, moments: {0}, comment: {0}, interest: {0}, market: {0}"
all_of = "{{" + everywhere + ", outbound_link: {0}, inbound_visit: {0}}}"


def house(condition: str, outcome: str) -> str:
    """A policy whose one rule wants items in the market and the feed to be reviewed."""
    return f"""\
policy: house
version: "1"
title: House
effective_at: 2018-05-29
on_error: {all_of.format("allow")}
rules:
  - id: new
    title: New
    {condition}
    outcome: {all_of.format(outcome)}
    review: [market, interest, comment]
    reason: Somebody looks at it first.
"""


any_item = 'when: item.text != ""'
a_code = 'signal: signal.kind == "share_code"'


def test_a_rule_that_allows_can_ask_for_a_reviewer(engine: Engine) -> None:
    engine.gate.policies.activate(read_policy(house(any_item, "allow")))

    decision = engine.gate(item("1", surface="market"))
    engine.gate(item("2", surface="moments"))

    assert (decision.visibility, decision.rules, decision.reasons) == ("allow", (), ())
    assert waiting(engine) == ["1"]
    assert seen(engine, friend, "market") == ["1"]
    close(engine, "1", "limit")
    assert seen(engine, friend, "market") == []


def test_a_rule_that_can_not_be_evaluated_asks_for_a_reviewer_all_the_same(engine: Engine) -> None:
    engine.gate.policies.activate(read_policy(house("when: signals[0].confidence > 0.5", "limit")))

    decision = engine.gate(item("1", surface="market"))

    assert decision.visibility is Visibility.allow
    assert waiting(engine) == ["1"]
    assert words_of(decision.review[0]) == "The rule could not be evaluated."


@pytest.mark.parametrize("outcome", ["limit", "drop"])
def test_an_item_of_the_feed_begins_its_trial_when_it_is_allowed(
    engine: Engine, outcome: str
) -> None:
    engine.gate.policies.activate(read_policy(house(any_item, outcome)))
    engine.gate(item("1", surface="interest"))
    assert seen(engine, friend, "interest") == []

    close(engine, "1", "allow")

    assert seen(engine, friend, "interest") == ["1"]
    assert engine.deliver.trial(ItemId("1")).trial.impressions == 1


def test_a_trial_stops_when_the_item_is_limited(engine: Engine) -> None:
    engine.gate.policies.activate(read_policy(house(any_item, "allow")))
    engine.gate(item("1", surface="interest"))
    assert seen(engine, friend, "interest") == ["1"]

    close(engine, "1", "limit")

    assert seen(engine, UserId("other"), "interest") == []


def test_a_dropped_item_of_the_market_can_be_found_when_it_is_allowed(engine: Engine) -> None:
    engine.gate.policies.activate(read_policy(house(any_item, "drop")))
    engine.gate(item("1", "red dress", surface="market"))

    close(engine, "1", "allow")

    found = engine.deliver(friend, "market", query="dress").places
    assert [place.item.id for place in found] == ["1"]


def test_a_placement_of_a_dropped_item_is_found_by_words_when_that_is_allowed(
    engine: Engine,
) -> None:
    engine.gate.policies.activate(read_policy(house(any_item, "drop")))
    engine.gate(item("1", "red dress", surface="market"))
    bid, budget = Money(30, "CNY"), Money(10_000, "CNY")
    placement = Placement(
        id="p", advertiser=UserId("payer"), item=ItemId("1"), bid=bid, daily_budget=budget
    )
    engine.deliver.placements.add(placement)
    made_before = sa.text("UPDATE placement SET words = NULL")  # as of an item that is not let in
    engine._runtime.store.write(lambda c: c.execute(made_before))
    assert not engine.deliver(friend, "market", query="dress").places

    close(engine, "1", "allow")

    (place,) = engine.deliver(friend, "market", query="dress").places
    assert place.disclosure is not None


def test_copies_of_a_text_are_known_as_long_as_it_is_hidden(engine: Engine) -> None:
    text = foreign_text + "这件裙子真的很好看大家快来抢购吧数量有限先到先得"
    engine.gate.policies.activate(read_policy(house(a_code, "limit")))

    def kinds(id: str) -> set[str]:
        posted = Item(id=ItemId(id), author=friend, surface=Surface.market, text=text + "。")
        return {signal.kind for signal in engine.gate(posted).signals}

    engine.gate(item("1", text, surface="market"))
    assert "text_duplicate" in kinds("2")
    for id in ("1", "2"):
        close(engine, id, "allow")

    assert "text_duplicate" not in kinds("3")


def test_a_closed_case_stays_as_it_is_in_the_database(policed: Engine) -> None:
    policed.gate(item("1", pictures=unreadable))
    close(policed, "1", "drop")

    for statement in ("UPDATE review SET reason = 'other'", "DELETE FROM review"):
        with pytest.raises(OSError, match="refused"):
            policed._runtime.store.write(lambda c, it=statement: c.execute(sa.text(it)))  # type: ignore[misc]  # no type is inferred for a default
