"""Words can be changed at will: no signal, no rule and no outcome hangs on them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kouling.cli import app
from kouling.gate import Detectors
from kouling.gate.detectors.picture_text import picture_text
from kouling.language import Language
from kouling.words import evidence_of
from kouling.words import gate as words_of_gate
from kouling.words.english import english
from tests.gate.detectors.test_picture_text import printed
from tests.samples import foreign_text


@pytest.fixture
def reworded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every English entry says something else than it did."""
    other = english._replace(evidence={kind: f"<{kind}>" for kind in english.evidence})
    monkeypatch.setitem(words_of_gate.vocabularies, Language.en, other)


def answers(folder: Path, *options: str) -> list[dict[str, Any]]:
    """What the command says of some texts."""
    texts = [foreign_text, "￥t7Xk2bQm9Ra￥", "2bQm9Rat7Xk", "https://news.example/1", "早"]
    (folder / "in.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts))
    files = ["--input", str(folder / "in.jsonl"), "--output", str(folder / "out.jsonl"), "--force"]
    result = CliRunner().invoke(app, ["gate", "inspect", *files, "--at", "2018-06-01", *options])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]


def test_reworded_evidence_is_told_and_changes_nothing_else(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = answers(tmp_path)
    request.getfixturevalue("reworded")
    after = answers(tmp_path)

    told = [signal.pop("evidence") for answer in after for signal in answer["signals"]]
    assert told
    assert all(words.startswith("<") for each in told for words in each)
    for answer in before:
        for signal in answer["signals"]:
            del signal["evidence"]
    assert before == after


@pytest.mark.usefixtures("reworded")
def test_a_code_between_signs_in_print_is_a_share_code_however_that_is_said() -> None:
    (signal,) = picture_text(printed("￥t7Xk2bQm9Ra￥"), 1, Detectors.load(), None)

    assert "<between>" in evidence_of(signal)
    assert signal.kind == "share_code"


def test_the_command_answers_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    first = answers(tmp_path, "--language", "zh")[0]

    assert first["reasons"][0].startswith("此处不得发布用于打开其他平台应用的口令。（涉及“")
    assert not {"between", "wording"} & set(" ".join(first["signals"][0]["evidence"]).split())
    assert answers(tmp_path) == answers(tmp_path, "--language", "en")
