"""Fragments of the changelog are named and written so that they can be compiled, and are."""

from pathlib import Path

import pytest

from tools.build_changelog import (
    Fragment,
    compiled,
    folder,
    fragments_of,
    kinds,
    problems_of,
    waiting,
    width_max,
)

LOG = """# Changelog

## [Unreleased]

To be released as 0.2.0.

### Added

- A door.

### Fixed

- A hole.

## [0.1.0] - 2026-12-01

### Added

- The house.
"""


@pytest.mark.parametrize("file", waiting(), ids=lambda file: file.name)
def test_every_fragment_has_a_good_name_and_text(file: Path) -> None:
    assert problems_of(file.name, file.read_text("utf-8")) == []


def test_the_readme_of_the_fragments_tells_of_every_kind() -> None:
    text = (folder / "README.md").read_text("utf-8")

    assert [kind for kind in kinds if f"| `{kind}` |" not in text] == []
    assert f"{width_max} characters" in text


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("doors.md", "A door.", "call it NAME.KIND.md"),
        ("doors.mended.md", "A door.", "call it NAME.KIND.md"),
        ("Big Doors.added.md", "A door.", "call it NAME.KIND.md"),
        ("doors.added.md", "", "whole sentences"),
        ("doors.added.md", "a door", "whole sentences"),
        ("doors.added.md", "- A door.", "leave bullets"),
        ("doors.added.md", "### Doors\n\nA door.", "leave bullets"),
        ("doors.added.md", f"{'A' * width_max}.", "within 100"),
    ],
)
def test_a_bad_fragment_is_told_of_with_its_name(name: str, text: str, problem: str) -> None:
    [told] = problems_of(name, text)

    assert told.startswith(f"{name}: ")
    assert problem in told


def test_entries_go_behind_those_of_their_kind_and_new_kinds_stand_in_order() -> None:
    fragments = [
        Fragment("a.fixed.md", "fixed", "Another hole,\nwhich was deep."),
        Fragment("b.changed.md", "changed", "A window."),
        Fragment("c.upgrading.md", "upgrading", "Call `window`."),
    ]

    assert compiled(LOG, fragments) == LOG.replace(
        "- A door.\n", "- A door.\n\n### Changed\n\n- A window.\n"
    ).replace(
        "- A hole.\n",
        "- A hole.\n- Another hole, which was deep.\n\n### Upgrading\n\n- Call `window`.\n",
    )


def test_without_fragments_the_changelog_stays_as_it_is() -> None:
    assert compiled(LOG, []) == LOG


def test_a_changelog_without_the_section_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no line '## \[Unreleased\]'"):
        compiled("# Changelog\n", [])


def test_all_bad_fragments_are_told_of_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("One.", "utf-8")
    (tmp_path / "two.added.md").write_text("two", "utf-8")

    with pytest.raises(ValueError, match=r"(?s)one\.md: .*two\.added\.md: "):
        fragments_of(tmp_path.iterdir())


def test_the_project_s_own_changelog_can_be_compiled() -> None:
    changelog = (folder.parent / "CHANGELOG.md").read_text("utf-8")

    assert compiled(changelog, []) == changelog
