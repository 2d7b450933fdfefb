import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.gate import (
    Party,
    Policy,
    Signal,
    Surface,
    Visibility,
    read_policy,
)
from kouling.gate.decide import cited_max, decide, visible
from kouling.gate.policy.condition import Author, compile_condition
from kouling.ids import UserId
from kouling.language import written
from kouling.words import words_of
from tests.conftest import noon
from tests.gate.policy.test_policy import everywhere, good
from tests.samples import item

limited = everywhere.replace("moments: allow", "moments: limit")
dropped = everywhere.replace("moments: allow", "moments: drop")
foreign = Signal(
    detector="share_code", kind="share_code", party=Party.foreign, start=2, end=6, text="￥ab￥"
)
author = Author("seller", banned=False)


def policy_with(*rules: str, on_error: str = everywhere) -> Policy:
    head = good[: good.index("rules:")].replace(f"on_error: {everywhere}", f"on_error: {on_error}")
    return read_policy(head + "rules:\n" + "".join(rules))


def rule(id: str, condition: str, outcome: str) -> str:
    return f"  - id: {id}\n    title: T\n    {condition}\n    outcome: {outcome}\n    reason: R.\n"


is_code = 'signal: signal.kind == "share_code"'


def test_an_item_without_signals_is_allowed() -> None:
    decision = decide(item("1"), [], author, policy_with(rule("a", is_code, limited)), noon)

    assert decision.visibility is Visibility.allow
    assert decision.rules == ()


def test_a_rule_that_applies_gives_outcome_reason_and_spans() -> None:
    decision = decide(item("1"), [foreign], author, policy_with(rule("a", is_code, limited)), noon)

    (reason,) = decision.reasons
    assert decision.visibility is Visibility.limit
    assert decision.rules == ("a",)
    assert decision.policy_version == "mine@1"
    assert reason.spans == ((2, 6),)
    assert (reason.text, reason.about) == (written("R."), ("￥ab￥",))
    assert words_of(reason) == "R. It is about “￥ab￥”."


def test_a_reason_cites_the_first_of_many_signals() -> None:
    many = [foreign] * 40

    (reason,) = decide(
        item("1"), many, author, policy_with(rule("a", is_code, limited)), noon
    ).reasons

    assert len(reason.spans) == cited_max


def test_the_strictest_outcome_wins_whatever_the_order() -> None:
    rules = [rule("a", is_code, limited), rule("b", is_code, dropped)]

    for order in (rules, rules[::-1]):
        decision = decide(item("1"), [foreign], author, policy_with(*order), noon)
        assert decision.visibility is Visibility.drop
        assert sorted(decision.rules) == ["a", "b"]


def test_the_outcome_is_that_of_the_items_surface() -> None:
    policy = policy_with(rule("a", is_code, limited))
    comment = item("1", surface=Surface.interest)

    assert decide(comment, [foreign], author, policy, noon).visibility is Visibility.allow


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ("when: signals.size() > 0", True),
        ("when: item.pictures > 0", False),
        ('when: item.text.matches("天气")', True),
        ("when: author.banned", False),
        ('when: author.id == "seller"', True),
        ("when: item.narrowed", False),
        ("signal: signal.confidence > 0.5 && signal.end - signal.start == 4", True),
        ('signal: signal.party == "own"', False),
        ('signal: signal.kind == "share_code"\n    when: item.surface == "moments"', True),
        ('signal: signal.kind == "share_code"\n    when: item.surface == "group"', False),
    ],
)
def test_conditions_see_signals_item_and_author(condition: str, applies: bool) -> None:
    policy = policy_with(rule("a", condition, limited))

    assert bool(decide(item("1"), [foreign], author, policy, noon).rules) is applies


@pytest.mark.parametrize("condition", ["signals[3].kind == 'link'", "1 / signals.size() == 1"])
def test_a_rule_that_fails_has_the_outcome_that_the_policy_states(condition: str) -> None:
    policy = policy_with(rule("a", f'when: "{condition}"', everywhere), on_error=limited)

    decision = decide(item("1"), [], author, policy, noon)

    assert decision.visibility is Visibility.limit
    assert decision.reasons[0].text is None
    assert words_of(decision.reasons[0]) == "The rule could not be evaluated."


def test_items_without_signals_are_told_apart_by_what_rules_read() -> None:
    by_text = policy_with(rule("a", 'when: item.text.contains("秘密")', limited))
    by_pictures = policy_with(rule("a", "when: item.pictures > 0", limited))

    def rules(policy: Policy, **changes: object) -> list[bool]:
        texts = ["秘密", "天气", "秘密"]
        return [
            bool(decide(item("1", t, **changes), [], author, policy, noon).rules) for t in texts
        ]

    assert rules(by_text) == [True, False, True]
    assert rules(by_pictures) == [False] * 3
    assert rules(by_pictures, pictures=(b"x",)) == [True] * 3
    assert rules(by_pictures) == [False] * 3


@pytest.mark.parametrize(
    ("condition", "reads"),
    [
        ('item.text == ""', True),
        ("author . id == ''", True),
        ("[item].size() == 1", True),
        ("item.pictures > 1 && author.banned", False),
        ("signals.size() > 2", False),
    ],
)
def test_a_condition_says_whether_it_reads_words(condition: str, reads: bool) -> None:
    assert compile_condition(condition, each_signal=False).reads_words is reads


@given(st.sampled_from(Visibility), st.text(max_size=3), st.text(max_size=3))
def test_limit_means_the_author_alone(visibility: Visibility, writer: str, viewer: str) -> None:
    seen = visible(visibility, UserId(writer), UserId(viewer))

    if visibility is Visibility.allow:
        assert seen
    elif visibility is Visibility.drop:
        assert not seen
    else:
        assert seen == (writer == viewer)
