"""Without the extra `pictures` a picture is not inspected, and all else works.

Each step runs in a process of its own, from which the extra's libraries are hidden.
"""

import json
import re
import subprocess
import sys
import tomllib
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from kouling import Engine, bundled_policy
from kouling.gate import Subject, SubjectKind
from tests.picture.samples import card, foreign_lines, saved
from tests.samples import item
from tests.without_pictures import hidden

ROOT = Path(__file__).parent.parent
missing = "the extra kouling[pictures] is not installed: PIL, cv2, faiss,"


def run(step: str, folder: Path) -> Any:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.without_pictures", step, str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_all_that_the_extra_brings_is_hidden() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {
        re.split(r"[<>=,]", needed)[0].lower()
        for needed in extra["optional-dependencies"]["pictures"]
    }
    modules = {
        module
        for module, packages in packages_distributions().items()
        if names & {package.lower().replace("_", "-") for package in packages}
        and not module.startswith("_")
    }

    assert modules - {"tests", "numpy"} <= hidden | {"pil"}
    assert len(names) == len(hidden)


def test_the_whole_story_is_told(tmp_path: Path) -> None:
    rules, entries = run("demo", tmp_path)

    assert rules == [[], [], ["foreign-share-code", "foreign-share-link"], ["not-inspected"], []]
    assert entries > 0


def test_the_feed_learns(tmp_path: Path) -> None:
    fitted, places, audience = run("feed", tmp_path)

    assert fitted is True
    assert places > 0
    assert audience > 0


def test_a_picture_is_not_inspected_and_says_what_to_install(tmp_path: Path) -> None:
    found = run("gate", tmp_path)

    visibility, rules, evidence = found["picture"]
    assert (visibility, rules) == ("limit", ["not-inspected"])
    assert missing in evidence[0]
    assert found["text"] == ["limit", ["foreign-share-code"]]
    assert (found["again"], found["reviewed"]) == (0, "allow")
    assert missing in found["reasons"][0]


@pytest.mark.parametrize("known", [True, False], ids=["known bytes", "a copy"])
def test_pictures_that_were_marked_before_do_no_harm(tmp_path: Path, known: bool) -> None:
    """What an engine with the extra has seen is of no use to one that can't compare."""
    picture = saved(card(*foreign_lines))
    with Engine.open(str(tmp_path / "marked.db")) as engine:
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        engine.gate(item("1", pictures=(picture,)))
        engine.gate.ban(Subject(SubjectKind.picture, sha256(picture).hexdigest()), "fraud")
    again = picture if known else saved(card(*foreign_lines), "JPEG")
    (tmp_path / "card.png").write_bytes(again)

    rules, evidence = run("marked", tmp_path)

    assert rules == (["banned-subject", "not-inspected"] if known else ["not-inspected"])
    assert missing in evidence[0]


def test_the_command_line_answers(tmp_path: Path) -> None:
    text, picture, error, message = run("command", tmp_path)

    assert text == [0, ["foreign-share-code"]]
    assert picture == [0, ["not-inspected"]]
    assert error == "KoulingError"
    assert "kouling[pictures]" in message


def test_the_server_answers(tmp_path: Path) -> None:
    assert run("server", tmp_path) == [["foreign-share-code"], ["not-inspected"]]
