import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.gate.policy.condition import Facts, compile_condition
from tests.gate.test_decide import author
from tests.samples import item

links = (
    'item.text.contains("秘密")',
    "item.text.startsWith('【')",
    'item . text . endsWith( "a b" )',
    'item.text.matches("加.{0,4}(微|薇)")',
    'item.text.matches(r"\\d{3}")',
    "item.text.size() > 3",
    "size(item.text) >= 2",
    "item.text.size() < 3",
    '!item.text.contains("天")',
    'item.text.contains("&&") && item.text.contains("?")',
    '(item.text.contains("a") || author.banned)',
    'item.text.contains("(") || author.banned',
    "author.banned ? true : item.text.contains('x')",
    "1 / item.pictures == 1",
    'item.text == """&& item.text.contains("q") &&"""',
    "item.text == 'it\\'s' && item.text.size() > 2",
    "true // && item.text.size() > 99",
)
texts = st.sampled_from(
    ["", "秘密", "【加一点薇】", "a b", "x123", "it's", "&&?(", "天"]
) | st.text(max_size=6)


@given(st.lists(st.sampled_from(links), min_size=1, max_size=4), texts)
def test_what_a_glance_rules_out_is_false(chosen: list[str], text: str) -> None:
    condition = compile_condition("\n&& ".join(chosen), each_signal=False)

    if condition.is_ruled_out(text):
        assert condition.holds(Facts(item("1", text), author, []).whole) is False


@pytest.mark.parametrize(
    ("source", "text", "ruled_out"),
    [
        ('item.text.contains("代购") && author.banned', "天气", True),
        ('item.text.contains("代购") && author.banned', "代购", False),
        ('author.banned && item.text.matches("加.{0,4}微")', "加一点盐", True),
        ('item.text.matches("加.{0,4}微")', "加我微", False),
        ("item.text.size() > 2", "天气", True),
        ("item.text.size() >= 2", "天气", False),
        ('item.text.startsWith("【") && 1 / 0 == 1', "天", True),
        ('item.text.contains("代购") || author.banned', "天气", False),
    ],
)
def test_a_glance_tells_texts_that_cannot_be_meant(source: str, text: str, ruled_out: bool) -> None:
    assert compile_condition(source, each_signal=False).is_ruled_out(text) is ruled_out


@pytest.mark.parametrize(
    "source",
    [
        "author.banned",
        'item.text.contains("a") || item.text.contains("b")',
        'author.banned ? item.text.contains("a") : item.text.contains("b")',
        '!item.text.contains("a")',
        "item.text == '&& item.text.size() > 99'",
    ],
)
def test_nothing_is_said_of_what_is_no_chain(source: str) -> None:
    condition = compile_condition(source, each_signal=False)

    assert not any(condition.is_ruled_out(text) for text in ("", "a", "b", "天气", "a" * 100))
