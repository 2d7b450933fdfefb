"""What a condition asks is told from its checked tree: no spelling hides it, no comment fools."""

import pytest

from kouling.gate import Visibility
from kouling.gate.decide import decide
from kouling.gate.policy.condition import (
    Author,
    Condition,
    ConditionError,
    Facts,
    compile_condition,
)
from kouling.gate.policy.expression import Call, FieldOf, Listing, Literal, Loop, Variable, all_in
from tests.conftest import noon
from tests.gate.test_decide import limited, policy_with, rule
from tests.samples import item


def compiled(source: str) -> Condition:
    return compile_condition(source, each_signal=True)


def test_an_expression_is_read_as_cel_checked_it() -> None:
    tree = compiled('signal.kind in ["秘", "b"] && -1 <= signal.start || has(item.text)').tree

    asked = FieldOf(Variable("signal"), "kind")
    among = Call("@in", (asked, Listing((Literal("秘", 16), Literal("b", 21)))))
    later = Call("_<=_", (Literal(-1, 29), FieldOf(Variable("signal"), "start")))
    assert tree == Call(
        "_||_", (Call("_&&_", (among, later)), FieldOf(Variable("item"), "text", is_test=True))
    )


def test_a_macro_is_a_loop() -> None:
    tree = compiled("signals.exists(s, s.start == 1 || true)").tree

    assert isinstance(tree, Loop)
    assert (tree.over, tree.element, tree.start) == (Variable("signals"), "s", Literal(False, 14))


def test_an_expression_of_any_depth_is_read() -> None:
    deep = 7
    tree = compiled("signals.all(a, " * deep + "true" + ")" * deep).tree

    assert sum(isinstance(part, Loop) for part in all_in(tree)) == deep


@pytest.mark.parametrize(
    "spelling",
    ["item. // the\n text", "item.`text`", "(item).text", "[item][0].text", "dyn(item).text"],
)
def test_a_rule_that_reads_the_text_is_asked_of_every_text(spelling: str) -> None:
    condition = "\n".join(f"      {line}" for line in f'{spelling} == "秘密"'.split("\n"))
    policy = policy_with(rule("a", f"when: |\n{condition}", limited))

    def decided(text: str) -> Visibility:
        return decide(item("1", text), [], Author("seller", False), policy, noon).visibility

    assert [decided(text) for text in ("天气", "秘密")] == [Visibility.allow, Visibility.limit]


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ('signal.kind == "item.text" // author.id', {"signal.kind"}),
        (
            "signals.exists(s, s.start > 0 && author.banned)",
            {"signals", "s.start", "author.banned"},
        ),
        ('{"a": item}.a.text == ""', {"item"}),
    ],
)
def test_what_a_condition_reads_is_what_stands_in_its_tree(source: str, read: set[str]) -> None:
    assert compiled(source).reads - {"@result"} == read


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ('item.text.matches("(")', (1, 19)),
        ("matches(item.text,\n '秘(')", (2, 2)),
        ("item.text\n  .matches( // a comment\n'''[''')", (3, 1)),
        ('signals.all(s, s.text.matches("*"))', (1, 31)),
    ],
)
def test_a_broken_pattern_is_found_wherever_it_stands(source: str, place: tuple[int, int]) -> None:
    with pytest.raises(ConditionError, match="the pattern can't be read") as caught:
        compiled(source)

    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    "source", ["true // .matches('(')", "item.text.contains(\".matches('(')\")"]
)
def test_what_only_looks_like_a_broken_pattern_is_none(source: str) -> None:
    facts = Facts(item("1", "天气"), Author("seller", False), [])

    assert compile_condition(source, each_signal=False).holds(facts.whole) in (True, False)
