"""Pictures are looked into as far as it can change a decision, and no decision is changed."""

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kouling import bundled_policy
from kouling.gate import Party, Signal, Surface, Visibility
from kouling.gate.decide import decide
from kouling.gate.policy.condition import Author
from kouling.gate.policy.depth import (
    Depth,
    banned_in_picture,
    depth_needed,
    is_settled,
    opened,
)
from tests.conftest import noon
from tests.gate import strategies as some
from tests.gate.policy.test_policy import everywhere
from tests.gate.test_decide import dropped, limited, policy_with, rule
from tests.samples import item

outcomes = st.sampled_from([limited, dropped, limited, everywhere])


@st.composite
def rules(draw: st.DrawFn, number: int = 0) -> str:
    """A rule that says anything, for any outcome."""
    of_item, of_signal = draw(some.of_items), draw(some.of_signals)
    chosen = draw(st.sampled_from(["signal", "signal", "when", "both"]))
    asked = [f"signal: {indented(of_signal)}"] if chosen != "when" else []
    asked += [f"when: {indented(of_item)}"] if chosen != "signal" else []
    asked += ["review: [moments]"] if draw(st.booleans()) else []
    return rule(f"r{number}", "\n    ".join(asked), draw(outcomes))


def indented(condition: str) -> str:
    return "|\n" + "\n".join(f"      {line}" for line in condition.split("\n"))


policies = st.builds(
    lambda first, second, on_error: policy_with(first, *second, on_error=on_error),
    rules(0),
    st.lists(rules(1), max_size=1),
    outcomes,
)


items = st.builds(
    item,
    st.just("1"),
    st.sampled_from(some.texts),
    surface=st.just(Surface.moments),
    pictures=st.sampled_from([(b"x",), (b"x", b"y")]),
    audience=st.none() | st.just(()),
)


@cache
def found_at(depth: Depth, count: int) -> st.SearchStrategy[list[Signal]]:
    return st.lists(st.one_of(*(some.signals_of(one, count) for one in opened[depth])), max_size=3)


@cache
def of_bans(count: int) -> st.SearchStrategy[list[Signal]]:
    return st.lists(some.signals_of(banned_in_picture, count), max_size=2)


in_text = st.lists(some.signals_of(None, 0), max_size=3)


@given(st.data())
@settings(max_examples=200)
def test_no_decision_changes_because_pictures_are_not_looked_into_further(
    data: st.DataObject,
) -> None:
    draw, policy, one = data.draw, data.draw(policies), data.draw(items)
    bans, count = draw(st.booleans()), len(one.pictures)
    depth = depth_needed(policy, one.surface, bans=bans)
    found = {level: draw(found_at(level, count)) for level in Depth if level > Depth.nothing}
    if bans:
        found[Depth.lines] += draw(of_bans(count))
    of_text = draw(in_text)
    author = Author("seller", draw(st.booleans()))

    def decided(deep: Depth) -> tuple[object, ...]:
        seen = [one for level, more in found.items() if level <= deep for one in more]
        if deep is Depth.nothing:
            seen = [not_looked_into(place) for place in range(1, count + 1)]
        decision = decide(one, [*of_text, *seen], author, policy, noon)
        return (decision.visibility, decision.rules, decision.reasons, decision.review)

    assert decided(depth) == decided(Depth.lines)


def not_looked_into(place: int) -> Signal:
    return Signal(detector="picture", kind="not_inspected", picture=place)


@given(st.data())
@settings(max_examples=200)
def test_what_settles_an_item_gives_the_same_visibility_whatever_is_seen_besides(
    data: st.DataObject,
) -> None:
    draw, policy, one = data.draw, data.draw(policies), data.draw(items)
    count = len(one.pictures)
    found = [signal for level in Depth if opened[level] for signal in draw(found_at(level, count))]

    def decided(signals: Sequence[Signal], banned: bool) -> Visibility:
        return decide(one, signals, Author("seller", banned), policy, noon).visibility

    if is_settled(policy, one, found):
        more = draw(found_at(Depth.lines, count))
        assert decided([*draw(in_text), *found, *more], draw(st.booleans())) is decided(
            found, False
        )


@pytest.mark.parametrize(
    ("condition", "depth"),
    [
        ('signal: signal.kind == "near_duplicate" || signal.party == "foreign"', Depth.lines),
        ('signal: signal.kind == "not_inspected" || signal.issuer == "taobao"', Depth.lines),
        ('signal: signal.kind == "not_inspected"', Depth.looks),
        ('signal: signal.kind in ["near_duplicate", "not_inspected"]', Depth.looks),
        ("signal: '\"near_duplicate\" == signal.kind'", Depth.looks),
        ("signal: '!(signal.kind != \"near_duplicate\")'", Depth.looks),
        ('signal: signal.kind != "near_duplicate"', Depth.lines),
        ('signal: signal.kind.startsWith("near")', Depth.looks),
        ('signal: signal.kind.matches("^(near|not)_")', Depth.looks),
        ("signal: signal.kind.size() == 13", Depth.looks),
        ('signal: signal.kind == "near_duplicate" // signal.kind == "unsure"', Depth.looks),
        ('signal: has(signal.issuer) && signal.kind in ["near_duplicate"]', Depth.nothing),
        ('signal: signal.kind == "near_duplicate" && signal.confidence > 0.95', Depth.nothing),
        ('signal: signal.kind in ["text_duplicate", "split_code"]', Depth.nothing),
        ('signal: signal.kind == "share_code" && signal.picture == 0', Depth.nothing),
        ('signal: signal.kind == "share_code" && signal.end > signal.start', Depth.nothing),
        ('signal: signal.picture == 0 || signal.kind == "unsure"', Depth.lines),
        ("signal: \"author.banned ? signal.kind == 'unsure' : false\"", Depth.lines),
        ('when: signals.exists(s, s.kind == "near_duplicate")', Depth.looks),
        ("when: '!signals.exists(s, s.kind == \"not_inspected\")'", Depth.looks),
        ('when: signals.all(s, s.kind != "text_duplicate")', Depth.nothing),
        ('when: signals.filter(s, s.kind == "share_code").size() > 2', Depth.lines),
        ("when: signals.size() == 0", Depth.lines),
        ("when: signals[0].start > 0", Depth.lines),
        ('when: item.surface == "direct" && signals.size() == 0', Depth.nothing),
        ("when: 'item.text == \"near_duplicate\" && item.pictures > 0'", Depth.nothing),
        ("when: item.pictures == 0 && signals.size() == 0", Depth.nothing),
    ],
)
def test_a_condition_asks_for_as_much_as_can_matter_to_it(condition: str, depth: Depth) -> None:
    policy = policy_with(rule("a", condition, limited))

    assert depth_needed(policy, Surface.moments) is depth


def test_a_rule_asks_for_nothing_where_it_neither_hides_nor_queues() -> None:
    is_foreign = 'signal: signal.party == "foreign"'
    allows = policy_with(rule("a", is_foreign, everywhere), on_error=limited)
    queues = policy_with(rule("a", f"{is_foreign}\n    review: [moments]", everywhere))
    can_fail = policy_with(rule("a", "signal: 1 / signal.start > 0", everywhere), on_error=limited)

    needed = [depth_needed(one, Surface.moments) for one in (allows, queues, can_fail)]

    assert needed == [Depth.nothing, Depth.lines, Depth.lines]


def test_print_is_read_in_search_of_bans_only_while_there_are_any() -> None:
    policy = bundled_policy("moments-2018")

    assert depth_needed(policy, Surface.direct, bans=False) is Depth.barcodes
    assert depth_needed(policy, Surface.direct, bans=True) is Depth.lines
    assert depth_needed(policy, Surface.moments, bans=False) is Depth.lines


shared = Signal(detector="share_code", kind="share_code", party=Party.foreign, picture=1)


@pytest.mark.parametrize(
    ("condition", "settled"),
    [
        ('signal: signal.party == "foreign"', True),
        ("signal: signal.party == 'foreign' && !author.banned", False),
        ("signal: signal.party == 'foreign'\n    when: signals.size() == 1", False),
        ("signal: signal.party == 'foreign'\n    when: item.text == ''", False),
        ("signal: signal.party == 'foreign'\n    when: item.text != ''", True),
    ],
)
def test_only_what_nothing_can_undo_settles_an_item(condition: str, settled: bool) -> None:
    policy = policy_with(rule("a", condition, limited))

    assert is_settled(policy, item("1", pictures=(b"x",)), [shared]) is settled


def test_a_limit_settles_nothing_where_another_rule_may_drop_or_fail_worse() -> None:
    limits = rule("a", 'signal: signal.party == "foreign"', limited)
    drops = rule("b", 'signal: signal.issuer == "taobao"', dropped)
    fails = rule("b", "signal: 1 / signal.start > 9", limited)
    one = item("1", pictures=(b"x",))

    assert is_settled(policy_with(limits), one, [shared])
    assert is_settled(policy_with(limits, on_error=dropped), one, [shared])
    assert not is_settled(policy_with(limits, drops), one, [shared])
    assert not is_settled(policy_with(limits, fails, on_error=dropped), one, [shared])
