"""A file of hooks: what it may say, and where its mistakes are."""

from __future__ import annotations

from pathlib import Path

import pytest

from kouling.errors import InvalidInput
from kouling.server import read_hooks
from kouling.server.hooks.adapters import adapters
from tests.server.hooks.conftest import hooks_yaml, secret

ROOT = Path(__file__).parents[3]

adapter_lines_max = 60


def read(folder: Path, text: str) -> list[str]:
    path = folder / "hooks.yaml"
    path.write_text(text, "utf-8")
    return [f"{one.name}:{one.kind}" for one in read_hooks(path)]


def test_a_hook_is_called_as_one_likes_or_as_its_adapter(tmp_path: Path) -> None:
    found = read(tmp_path, hooks_yaml)

    assert found[:2] == ["onebot:onebot", "strict-onebot:onebot"]


def test_secrets_and_policies_stand_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "s").write_text(f"{secret}\n")
    bundled = ROOT / "kouling/gate/policy/bundled/forum.yaml"
    (tmp_path / "own.yaml").write_text(bundled.read_text("utf-8"), "utf-8")
    path = tmp_path / "hooks.yaml"
    path.write_text("onebot: {secret_file: s, policy: own.yaml}")

    [hook] = read_hooks(path)
    assert hook.secret == secret
    assert hook.policy is not None
    assert hook.policy.version.startswith("forum@")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("qq: {secret: 12345678}", "1:5", "has no adapter"),
        ("a: {adapter: onebto, secret: 12345678}", "1:14", "did you mean 'onebot'"),
        ("onebot: {}", "1:9", "either secret or secret_file"),
        ("onebot: {secret: short}", "1:18", "at least 8"),
        ("onebot: {secret: 12345678, secret_file: x}", "1:9", "either secret or secret_file"),
        ("onebot: {secret: 12345678, polcy: forum}", "1:28", "did you mean 'policy'"),
        ("onebot: {secret: 12345678, policy: stric}", "1:36", "stric"),
        ("onebot: {secret: 12345678, surface: comment}", "1:37", "can't stand here"),
        ("onebot: {secret: 12345678, host: evil}", "1:34", "is no host"),
        ("onebot: {secret: 12345678, host: 'http://a/b'}", "1:34", "is no host"),
        ("onebot: {secret: 12345678, mute_seconds: -1}", "1:42", "whole number"),
        ("shopify: {secret: 12345678, policy: forum}", "1:29", "is unknown here"),
        ("discourse: {secret: 12345678}", "1:12", "needs host, token"),
        ("generic: {secret: 12345678}", "1:10", "needs mapping"),
        ("Group: {secret: 12345678}", "1:8", "can't be in an address"),
        ("onebot: 5", "1:9", "a mapping is wanted"),
        ("generic: {secret: 12345678, mapping: {id: a, author: b, group: c}}", "1:38", "text"),
        ("generic: {secret: 12345678, mapping: {id: a, author: b, text: c}}", "1:38", "group"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message) as caught:
        read(tmp_path, text)
    assert caught.value.where == f"{tmp_path / 'hooks.yaml'}:{place}"


@pytest.mark.parametrize("name", adapters)
def test_an_adapter_is_small(name: str) -> None:
    lines = (ROOT / f"kouling/server/hooks/{name}.py").read_text("utf-8").splitlines()

    assert len(lines) <= adapter_lines_max


@pytest.mark.parametrize("name", adapters)
def test_the_guide_tells_of_every_adapter(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/guides/hooks.md").read_text("utf-8")
