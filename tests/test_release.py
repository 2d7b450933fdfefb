"""A release is refused for what is missing in it, with a sentence for each."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.release import (
    archive_problems,
    fragment_problems,
    licences,
    parser,
    root,
    version_problems,
    wheel_problems,
)

PROJECT = '[project]\nname = "kouling"\nversion = "0.1.0"\n'
LOG = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-12-01\n\n### Added\n\n- The house.\n"
INFO = "kouling-0.1.0.dist-info"
WHEEL = ["kouling/__init__.py", "kouling/py.typed", f"{INFO}/METADATA", f"{INFO}/RECORD"]
WHEEL += [f"{INFO}/licenses/{name}" for name in licences]


def test_a_version_that_all_agree_on_is_good() -> None:
    assert version_problems("0.1.0", PROJECT, LOG) == []


@pytest.mark.parametrize(
    ("version", "project", "log", "problem"),
    [
        ("0.1.0", PROJECT.replace("0.1.0", "0.2.0"), LOG, "pyproject.toml says 0.2.0, not 0.1.0"),
        ("0.1.0", PROJECT, LOG.replace("[0.1.0]", "[0.0.9]"), "CHANGELOG.md is 0.0.9"),
        ("0.1.0", PROJECT, LOG.partition("## [0")[0], "CHANGELOG.md is none"),
        ("0.1.0", PROJECT, LOG.replace(" - 2026-12-01", ""), "has no date"),
        ("1", PROJECT.replace("0.1.0", "1"), LOG.replace("0.1.0", "1"), "1 is no version"),
    ],
)
def test_versions_that_differ_are_told_of(
    version: str, project: str, log: str, problem: str
) -> None:
    [told] = version_problems(version, project, log)

    assert problem in told


def test_fragments_and_entries_outside_of_a_version_are_told_of() -> None:
    late = LOG.replace("[Unreleased]\n", "[Unreleased]\n\n### Fixed\n\n- A hole.\n")

    assert fragment_problems([], LOG) == []
    assert "doors.added.md is not compiled" in fragment_problems(["doors.added.md"], LOG)[0]
    assert "stands under Unreleased" in fragment_problems([], late)[0]


def test_a_wheel_holds_the_package_and_nothing_else() -> None:
    kept = ["kouling/__init__.py", "kouling/py.typed"]

    assert wheel_problems("0.1.0", WHEEL, kept) == []
    assert wheel_problems("0.1.0", WHEEL, [*kept, "kouling/fold/fold_table.txt"]) == [
        "the wheel lacks kouling/fold/fold_table.txt."
    ]
    assert wheel_problems("0.1.0", [*WHEEL, "tests/conftest.py"], kept) == [
        "the wheel has tests/conftest.py, which is not kept."
    ]
    assert wheel_problems("0.1.0", WHEEL[:-1], kept) == [f"the wheel lacks {WHEEL[-1]}."]


def test_a_source_archive_holds_what_is_kept() -> None:
    inside = ["kouling-0.1.0/pyproject.toml", "kouling-0.1.0/PKG-INFO"]

    assert archive_problems("0.1.0", inside, ["pyproject.toml"]) == []
    assert archive_problems("0.1.0", inside, ["LICENSE"]) == ["the source archive lacks LICENSE."]


def test_what_is_built_from_this_tree_is_the_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    version = wheel.name.split("-")[1]
    kept = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "kouling"],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    ).stdout.split()
    if not kept:
        pytest.skip("this tree is no checkout, so nobody knows which files are kept")
    kept = [name for name in kept if (root / name).exists()]

    with zipfile.ZipFile(wheel) as files:
        assert wheel_problems(version, files.namelist(), kept) == []


def test_a_dry_run_is_what_happens_unless_it_is_asked_for_otherwise() -> None:
    assert parser().parse_args(["0.1.0"]).dry_run
    assert not parser().parse_args(["0.1.0", "--no-dry-run"]).dry_run
