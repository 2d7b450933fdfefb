from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.gate import Item, Party, Signal, Surface, Visibility
from kouling.gate.decide import decide
from kouling.gate.policy.condition import Author, Condition, Facts, compile_condition
from kouling.gate.policy.conditions import Conditions, joined_max
from tests.conftest import noon
from tests.gate.test_decide import author, dropped, foreign, limited, policy_with, rule
from tests.samples import item

about_items = (
    "true",
    "author.banned",
    "signals.size() > 1",
    'item.text.contains("秘密")',
    'item.text.matches("秘.?密") || author.banned // a comment',
    'signals.exists(s, s.kind == "link" && s.confidence > 0.5)',
    'signals.exists_one(signal, signal.issuer == "")',
    "signals[1].start > 3",
    "10 / signals.size() > 4",
    'item.surface == "comment" ? item.pictures > 0 : item.narrowed',
)
about_signals = (
    'signal.kind == "share_code"',
    'signal.party == "foreign" && signal.confidence >= 0.5',
    "signal.end / signal.start > 1",
    'signals.filter(s, s.kind == signal.kind).size() > 1 && item.text != ""',
    'signal.text.matches("(?i)a+b")',
)
too_long = f"signals.all(a, {'signals.all(b, ' * 3}true{')' * 4}"

signals = st.builds(
    Signal,
    detector=st.just("link"),
    kind=st.sampled_from(["share_code", "link", "inducement"]),
    party=st.none() | st.sampled_from(Party),
    issuer=st.none() | st.just("taobao"),
    start=st.integers(0, 4),
    end=st.integers(5, 9),
    text=st.sampled_from(["", "ab", "￥AAB￥"]),
    confidence=st.floats(0, 1),
)
items = st.builds(
    item,
    st.just("1"),
    st.sampled_from(["", "秘密", "天气"]),
    surface=st.sampled_from([Surface.moments, Surface.interest]),
    pictures=st.sampled_from([(), (b"x",)]),
)


def compiled(sources: Sequence[str], *, each_signal: bool) -> list[Condition]:
    return [compile_condition(source, each_signal=each_signal) for source in sources]


@given(
    items,
    st.booleans(),
    st.lists(signals, max_size=4),
    st.lists(st.sampled_from(about_items), max_size=joined_max + 2),
    st.lists(st.sampled_from(about_signals), max_size=joined_max + 2),
)
def test_conditions_asked_together_answer_as_each_does_alone(
    one: Item, banned: bool, seen: list[Signal], whole: list[str], each: list[str]
) -> None:
    facts = Facts(one, Author("seller", banned), seen)
    of_item, of_signals = compiled(whole, each_signal=False), compiled(each, each_signal=True)

    together = Conditions(of_item, of_signals).answers(facts)

    alone = [[condition.holds(facts.whole) for condition in of_item]]
    alone += [[condition.holds(view) for condition in of_signals] for view in facts.each()]
    if any(None in row for row in alone):
        assert together is None
    else:
        assert together == alone


def test_an_evaluation_that_takes_too_many_steps_is_an_error_value() -> None:
    facts = Facts(item("1"), author, [foreign] * 64)
    endless = compile_condition(too_long, each_signal=False)

    assert endless.holds(facts.whole) is None
    assert Conditions([endless], []).answers(facts) is None


def test_conditions_too_deep_to_be_joined_are_asked_alone() -> None:
    source = "true"
    for _ in range(joined_max):
        try:
            deeper = f"!({source})"
            compile_condition(deeper, each_signal=False)
        except ValueError:
            break
        source = deeper
    deep = compile_condition(source, each_signal=False)
    facts = Facts(item("1"), author, [foreign])

    answers = Conditions([deep], []).answers(facts)

    assert answers in (None, [[deep.holds(facts.whole)], []])
    assert isinstance(deep.holds(facts.whole), bool)


def test_one_rule_that_fails_leaves_the_others_their_outcome() -> None:
    rules = [rule(f"r{n}", f"when: signals.size() == {n}", limited) for n in range(30)]
    rules.append(rule("fails", 'when: "signals[7].start > 0"', limited))
    rules.append(rule("cited", "signal: signal.start == 2", dropped))

    decision = decide(item("1"), [foreign] * 3, author, policy_with(*rules, on_error=limited), noon)

    assert decision.rules == ("r3", "fails", "cited")
    assert decision.visibility is Visibility.drop


@pytest.mark.parametrize("count", [1, joined_max, joined_max + 1, 3 * joined_max])
def test_any_number_of_rules_is_asked_in_order(count: int) -> None:
    rules = [rule(f"r{n}", f"signal: signal.end > {n % 7}", limited) for n in range(count)]

    decision = decide(item("1"), [foreign], author, policy_with(*rules), noon)

    assert decision.rules == tuple(f"r{n}" for n in range(count) if n % 7 < foreign.end)
