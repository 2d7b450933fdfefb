import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import InvalidInput, PolicyError
from kouling.gate import Surface, Visibility, bundled_policy, read_policy
from kouling.gate.policy.policy import bundled
from kouling.language import Language, Texts
from tests.conftest import noon

everywhere = "{" + ", ".join(f"{surface}: allow" for surface in Surface) + "}"

good = f"""\
policy: mine
version: "1"
title: Mine
effective_at: 2018-05-29
on_error: {everywhere}
rules:
  - id: one
    title: One
    signal: signal.kind == "share_code"
    outcome: {everywhere}
    reason: Because.
"""


def where_and_message(text: str) -> tuple[str, str]:
    with pytest.raises(PolicyError) as caught:
        read_policy(text, "mine.yaml")
    assert caught.value.hint
    return caught.value.where, caught.value.message


def test_a_good_policy_is_read() -> None:
    policy = read_policy(good)

    assert policy.version == "mine@1"
    assert policy.effective_at == datetime(2018, 5, 29, tzinfo=UTC)
    assert [rule.id for rule in policy.rules] == ["one"]


def test_a_rule_names_surfaces_to_review() -> None:
    (rule,) = read_policy(good.replace("One\n", "One\n    review: [market, group]\n")).rules

    assert rule.review == {Surface.market, Surface.group}


def test_a_text_is_in_the_language_it_is_written_in_or_in_each_that_is_named() -> None:
    texts = good.replace("reason: Because.", "reason: 因为口令 (share codes)。")
    policy = read_policy(texts.replace("title: One", "title: {zh: 其一, en: One}"))

    (rule,) = policy.rules
    assert policy.title == Texts(en="Mine")
    assert rule.title == Texts(en="One", zh="其一")
    assert rule.reason == Texts(zh="因为口令 (share codes)。")


@pytest.mark.parametrize("name", bundled)
def test_bundled_policies_are_good_and_speak_every_language(name: str) -> None:
    policy = bundled_policy(name)

    assert policy.name == name
    texts = [policy.title, *(each for rule in policy.rules for each in (rule.title, rule.reason))]
    assert all(each.text_in(language) for each in texts for language in Language)


def test_an_unknown_bundled_policy_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="bundled"):
        bundled_policy("../../etc/passwd")


@pytest.mark.parametrize(
    ("wrong", "right", "where", "message"),
    [
        ("moments: allow, ", "", "mine.yaml:5:11", "no outcome for surface moments"),
        ("moments: allow", "moments: hide", "mine.yaml:5:50", "'hide'"),
        ("moments: allow", "feed: allow", "mine.yaml:5:47", "surface 'feed' is unknown"),
        ("signal.kind", "signal.knid", "mine.yaml:9:19", "undefined field 'knid'"),
        ('== "share_code"', "== 1", "mine.yaml:9:25", "no matching overload"),
        ('signal.kind == "share_code"', "signal.kind", "mine.yaml:9:13", "true or false"),
        ('signal.kind == "share_code"', "item.text.matches('(')", "mine.yaml:9:31", "pattern"),
        ("signal: signal.kind", "when: signal.kind", "mine.yaml:9:", "undeclared reference"),
        ('signal.kind == "share_code"', '"', "mine.yaml:12:1", "not YAML"),
        ('signal.kind == "share_code"', "signal.kind ==", "mine.yaml:9:27", "Syntax error"),
        ("    reason: Because.\n", "", "mine.yaml:7:5", "reason left out"),
        ("reason:", "raeson:", "mine.yaml:11:5", "'raeson' is unknown"),
        ("    signal: ", "    whne: ", "mine.yaml:9:5", "'whne' is unknown"),
        ("effective_at: 2018-05-29", "effective_at: soon", "mine.yaml:4:15", "not a time"),
        ("effective_at: 2018-05-29\n", "", "mine.yaml:1:1", "effective_at left out"),
        ("id: one", "id: ''", "mine.yaml:7:9", "a text is wanted"),
        ("id: one", "id: o?e", "mine.yaml:7:9", "can't be a name"),
        ("title: Mine", "title: [Mine]", "mine.yaml:3:8", "a text is wanted"),
        ("title: Mine", "title: &a Mine\nsource: *a", "mine.yaml:3:8", "aliases"),
        ("title: Mine", "title: Mine\ntitle: Mine", "mine.yaml:4:1", "twice"),
        ("rules:", "rules: no\nruels:", "mine.yaml:7:1", "'ruels' is unknown"),
        (good, "", "mine.yaml:1:1", "empty"),
        (good, "just a text", "mine.yaml:1:1", "a mapping is wanted"),
        (good, "{" * 5_000, "mine.yaml:1:9", "levels deep"),
        (good, "a: b\nb: \0", "mine.yaml:2:4", "U+0000"),
        (good, "x" * 2_000_001, "mine.yaml:1:1", "more than 2000000 bytes"),
        ("title: Mine", "title: !!str Mine", "mine.yaml:3:8", "tags"),
        ("title: Mine", 'title: "\\ud800"', "mine.yaml:3:8", "half of a character"),
        ("title: Mine", 'title: "\\Uffffffff"', "mine.yaml:1:1", "not YAML"),
        ("title: One", "title: One\n    review: moments", "mine.yaml:9:13", "a list is wanted"),
        ("title: One", "title: One\n    review: [moment]", "mine.yaml:9:14", "'moment'"),
        ("title: One", "title: One\n    review: [group, group]", "mine.yaml:9:21", "twice"),
        ("title: Mine", "title: {fr: Le mien}", "mine.yaml:3:9", "'fr' is unknown"),
        ("title: Mine", "title: {en: Mine, en: Mine}", "mine.yaml:3:19", "twice"),
        ("title: Mine", "title: {}", "mine.yaml:3:8", "no text in any language"),
        ("title: Mine", "title: {en: Mine, zh: ''}", "mine.yaml:3:23", "a text is wanted"),
        ("title: Mine", "title: '  '", "mine.yaml:3:8", "blanks alone"),
        ("reason: Because.", "reason: {zh: ' '}", "mine.yaml:11:18", "blanks alone"),
        ("reason: Because.", "reason: {zh: [因为]}", "mine.yaml:11:18", "a text is wanted"),
        ("title: Mine", "---", "mine.yaml:3:1", "but found another document"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    wrong: str, right: str, where: str, message: str
) -> None:
    found_where, found_message = where_and_message(good.replace(wrong, right, 1))

    assert found_where.startswith(where)
    assert message in found_message


@pytest.mark.parametrize(
    ("layout", "where"),
    [
        ("|\n      {}\n      {}", "mine.yaml:11:13"),
        (">-  # folded\n      {}\n\n      {}", "mine.yaml:12:13"),
        ("{}\n      {}", "mine.yaml:10:13"),
        ("'{}\n      {}'", "mine.yaml:10:13"),
    ],
)
def test_a_condition_of_many_lines_is_named_with_line_and_column(layout: str, where: str) -> None:
    condition = layout.format('signal.kind == "share_code" &&', "signal.oops == 'x'")
    if layout.startswith("'"):
        condition = condition.replace("'x'", '"x"')
    text = good.replace('signal.kind == "share_code"', condition)

    assert where_and_message(text)[0] == where


def test_a_policy_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(good, "utf-8")

    assert read_policy(file).sha256 == read_policy(good).sha256


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (None, "1:1", "can't be read: No such file"),
        (good.replace("Mine", "我").encode("gbk"), "3:8", "not UTF-8"),
        (good.replace("policy: mine", "rules").encode(), "2:8", "not YAML"),
        (b"#" * 2_000_001, "1:1", "more than 2000000 bytes"),
    ],
)
def test_a_file_that_holds_no_policy_is_named_with_the_place(
    data: bytes | None, place: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    if data is not None:
        file.write_bytes(data)

    with pytest.raises(PolicyError, match=message) as caught:
        read_policy(file)
    assert caught.value.where == f"{file}:{place}"
    assert caught.value.hint


def test_a_repeated_rule_id_is_refused() -> None:
    rule = good[good.index("  - id") :]

    assert "twice" in where_and_message(good + rule)[1]


def test_a_rule_without_condition_is_refused() -> None:
    text = good.replace('    signal: signal.kind == "share_code"\n', "")

    assert "no condition" in where_and_message(text)[1]


@given(st.text(max_size=200))
def test_no_text_but_a_policy_is_read(text: str) -> None:
    with pytest.raises(PolicyError):
        read_policy(text)


@given(st.integers(0, len(good)), st.text(max_size=3))
def test_a_damaged_policy_is_read_or_refused(place: int, noise: str) -> None:
    with contextlib.suppress(PolicyError):
        read_policy(good[:place] + noise + good[place + 1 :])


def test_a_policy_is_in_force_from_its_date_on() -> None:
    policy = read_policy(good)

    assert policy.as_of(noon) is policy
    assert policy.as_of(policy.effective_at) is policy
    assert policy.as_of(noon.replace(year=2017)).name == "open"


def test_the_demo_policy_limits_foreign_codes_in_moments_alone() -> None:
    rule = bundled_policy("moments-2018").rules[0]

    assert rule.outcome[Surface.moments] is Visibility.limit
    for surface in (Surface.direct, Surface.group, Surface.comment):
        assert rule.outcome[surface] is Visibility.allow


def test_a_rule_holds_from_its_beginning_until_its_end() -> None:
    dated = good.replace(
        "reason: Because.", "reason: Because.\n    since: 2020-01-01\n    until: 2021-01-01"
    )
    policy = read_policy(dated)
    held = {
        year: [rule.id for rule in policy.as_of(datetime(year, 1, 1, tzinfo=UTC)).rules]
        for year in (2019, 2020, 2021)
    }

    assert held == {2019: [], 2020: ["one"], 2021: []}
    assert {policy.as_of(noon).version, policy.version} == {"mine@1"}
    assert policy.as_of(noon) is policy.as_of(noon)


def test_a_rule_that_ends_before_it_begins_is_an_error() -> None:
    dates = "reason: Because.\n    since: 2021-01-01\n    until: 2021-01-01"

    where, message = where_and_message(good.replace("reason: Because.", dates))

    assert (where, message) == ("mine.yaml:13:12", "the rule ends before it begins")
