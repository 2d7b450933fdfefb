"""Compile the fragments of `changelog.d/` into the section Unreleased of `CHANGELOG.md`.

python -m tools.build_changelog            # print what would stand there
python -m tools.build_changelog --write    # write it and remove the fragments
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

root = Path(__file__).parent.parent
changelog, folder = root / "CHANGELOG.md", root / "changelog.d"

kinds = ("added", "changed", "fixed", "upgrading")
"""The kinds of fragments, in the order of their headings."""

width_max = 100
"""Characters of a line, in a fragment and in the changelog, where it is filled anew."""

section_title = "## [Unreleased]"

_name = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(\w+)\.md")


class Fragment(NamedTuple):
    """One entry to come: the file's name, its kind and its text."""

    name: str
    kind: str
    text: str


def fragments_of(files: Iterable[Path]) -> list[Fragment]:
    """Read fragments, sorted by name; raise `ValueError` that tells of all that are wrong."""
    found = [(file.name, file.read_text("utf-8")) for file in sorted(files)]
    problems = [problem for name, text in found for problem in problems_of(name, text)]
    if problems:
        raise ValueError("\n".join(problems))
    return [Fragment(name, name.split(".")[1], text.strip()) for name, text in found]


def problems_of(name: str, text: str) -> list[str]:
    """Return what is wrong with a fragment, each as a sentence that names it."""
    told = []
    match = _name.fullmatch(name)
    if match is None or match[1] not in kinds:
        told.append(f"{name}: call it NAME.KIND.md, with one of {', '.join(kinds)} for KIND.")
    lines = text.strip().splitlines()
    if not lines or lines[-1][-1:] not in ".:`":
        told.append(f"{name}: write whole sentences.")
    if any(line.startswith(("- ", "* ", "#")) for line in lines):
        told.append(f"{name}: leave bullets and headings out; it becomes one entry.")
    if any(len(line) > width_max for line in lines):
        told.append(f"{name}: keep lines within {width_max} characters.")
    return told


def compiled(text: str, fragments: Sequence[Fragment]) -> str:
    """Return the changelog's text with the fragments under the headings of Unreleased."""
    before, title, rest = text.partition(section_title + "\n")
    if not title:
        raise ValueError(f"there is no line {section_title!r} in the changelog")
    section, *released = re.split(r"^(?=## )", rest, maxsplit=1, flags=re.MULTILINE)
    head, *parts = re.split(r"^### ", section, flags=re.MULTILINE)
    entries = {heading: body.strip() for heading, _, body in map(_parted, parts)}
    for fragment in fragments:
        heading = fragment.kind.title()
        entries[heading] = f"{entries.get(heading, '')}\n{_entry(fragment)}".strip()
    blocks = [f"### {heading}\n\n{entries[heading]}" for heading in sorted(entries, key=_place)]
    whole = "\n\n".join(filter(None, (head.strip(), *blocks)))
    return f"{before}{title}\n{whole}\n" + "".join(f"\n{part}" for part in released)


def _parted(part: str) -> tuple[str, str, str]:
    return part.partition("\n")


def _entry(fragment: Fragment) -> str:
    return textwrap.fill(
        " ".join(fragment.text.split()),
        width_max,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _place(heading: str) -> int:
    """Return where a heading stands; one that is no kind of ours stands last."""
    return kinds.index(heading.lower()) if heading.lower() in kinds else len(kinds)


def waiting(folder: Path = folder) -> list[Path]:
    """Return the files of all fragments that are not compiled yet."""
    return sorted(file for file in folder.glob("*") if file.name != "README.md")


def main() -> None:
    """Print the compiled section, or write it and remove the fragments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write it, and remove the fragments")
    write = parser.parse_args().write
    files = waiting()
    try:
        text = compiled(changelog.read_text("utf-8"), fragments_of(files))
    except ValueError as error:
        sys.exit(f"error: {error}")
    if not write:
        print(text.partition(section_title)[1] + text.partition(section_title)[2])
        return
    changelog.write_text(text, "utf-8")
    for file in files:
        file.unlink()


if __name__ == "__main__":
    main()
