from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kouling.cli import app
from kouling.cli.gate.examples import bundled_policies, examples_of, read_examples, try_examples
from kouling.errors import InvalidInput, PolicyError
from kouling.gate import Surface, bundled_policy
from kouling.gate.policy.policy import bundled
from tests.gate.policy.test_policy import good

one = '- {surface: moments, outcome: limit, text: "￥t7Xk2bQm9Ra￥"}\n'


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["gate", "policy", *map(str, arguments)])


def test_every_bundled_policy_has_examples() -> None:
    assert set(bundled_policies()) == set(bundled)


@pytest.mark.parametrize("name", bundled)
def test_a_bundled_policy_does_what_its_examples_say(name: str) -> None:
    policy = bundled_policy(name)
    examples = examples_of(name)

    wrong = [found for found in try_examples(policy, examples) if not found.is_as_said]

    assert wrong == []
    shown = {rule for example in examples for rule in [example.rule] if rule}
    texts_alone = {"banned-subject", "copy-of-a-hidden-picture", "not-inspected", "code-in-parts"}
    texts_alone |= {"unsure-in-a-picture", "not-sure-of-a-picture", "for-a-person"}
    assert {rule.id for rule in policy.rules} - shown <= texts_alone


def test_an_example_that_is_decided_otherwise_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(good)
    (tmp_path / "house.examples.yaml").write_text("# mine\n" + one, "utf-8")

    result = run("check", tmp_path / "house.yaml")

    assert result.exit_code == 3
    assert "house.examples.yaml:2:3: allow; the example says limit" in result.stdout
    assert "mine@1: 1 rule, 1 example, 1 decided otherwise" in result.stdout


def test_examples_of_another_file_are_tried(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(one, "utf-8")

    result = run("check", "moments-2018", "--examples", tmp_path / "mine.yaml")

    assert result.exit_code == 0
    assert "1 example, 0 decided otherwise" in result.stdout


def test_a_policy_is_shown_surface_by_surface_with_its_dates() -> None:
    result = run("show", "interop-2021", "--language", "zh")

    assert result.exit_code == 0
    assert all(surface in result.stdout for surface in Surface)
    assert "外部链接先在一对一聊天" in result.stdout
    assert "one-to-one-first until 2021-11-28 16:00 UTC\n" in result.stdout


def test_bundled_policies_are_listed() -> None:
    assert all(name in run("bundled").stdout for name in bundled)


def test_examples_are_shown_as_they_were_decided() -> None:
    result = run("examples", "marketplace")

    assert result.exit_code == 0
    assert result.stdout.count("foreign-share-code") == 2
    assert "{own}" not in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("moments", "momets", "e.yaml:1:13", "'momets' can't stand here"),
        ("limit", "hide", "e.yaml:1:31", "'hide' can't stand here"),
        (', text: "￥t7Xk2bQm9Ra￥"', "", "e.yaml:1:3", "text left out"),
        ("outcome: limit", "outcome: limit, at: soon", "e.yaml:1:42", "'soon' is not a time"),
        ("- {", "{", "e.yaml:1:1", "a list is wanted here"),
    ],
)
def test_a_mistake_in_examples_has_its_place(old: str, new: str, where: str, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_examples(one.replace(old, new), "e.yaml")

    assert (caught.value.where, message in caught.value.message) == (where, True)


def test_too_many_examples_are_refused() -> None:
    with pytest.raises(PolicyError, match="1001 examples"):
        read_examples(one * 1_001, "e.yaml")


def test_an_example_that_no_item_can_hold_is_refused_with_its_place() -> None:
    (example,) = read_examples(one.replace("￥t7Xk2bQm9Ra￥", "x" * 100_001), "e.yaml")

    with pytest.raises(InvalidInput, match=r"e.yaml:1:3"):
        try_examples(bundled_policy("open"), [example])


def test_a_file_without_examples_beside_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(good)

    result = run("check", tmp_path / "house.yaml")

    assert isinstance(result.exception, PolicyError)
    assert "house.examples.yaml" in str(result.exception)
