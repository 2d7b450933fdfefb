"""Check that a version can be released, build it, look into what was built, and tag it.

    python -m tools.release 0.1.0                 # a dry run: all but the tag
    python -m tools.release 0.1.0 --no-dry-run    # the same, and the tag

Wheel and source archive are left in `dist/`; nothing is sent anywhere.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from tools.build_changelog import section_title, waiting

root = Path(__file__).parent.parent
target = root / "dist"
locks = ("requirements.lock", "requirements-extras.lock")
licences = ("LICENSE", "NOTICE")

Check = Callable[[str], list[str]]
"""A version comes in; what keeps it from being released goes out, a sentence each."""

_version = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")


# What is decided, without looking at anything but the arguments.


def version_problems(version: str, project: str, changelog: str) -> list[str]:
    """Return where the version to release, the project's and the changelog's newest differ."""
    told = []
    if not _version.fullmatch(version):
        told.append(f"{version} is no version; write it like 0.1.0 or 0.2.0rc1.")
    declared = tomllib.loads(project)["project"]["version"]
    if declared != version:
        told.append(f"pyproject.toml says {declared}, not {version}; change one of them.")
    titles = re.findall(r"^## \[(.+?)\](.*)", changelog, re.MULTILINE)
    released = [title for title in titles if f"## [{title[0]}]" != section_title]
    newest, date = released[0] if released else ("none", "")
    if newest != version:
        told.append(f"the newest section of CHANGELOG.md is {newest}; give {version} one.")
    elif not re.fullmatch(r" - \d{4}-\d\d-\d\d", date):
        told.append(f"the section {version} of CHANGELOG.md has no date; write ' - 2026-12-01'.")
    return told


def fragment_problems(files: Collection[str], changelog: str) -> list[str]:
    """Return which fragments and entries have not come into a version's section."""
    told = [f"changelog.d/{name} is not compiled; build_changelog does it." for name in files]
    unreleased = changelog.partition(section_title)[2]
    if re.match(r"\s*(?!## )\S", unreleased):
        told.append("something stands under Unreleased; move it into the version's section.")
    return told


def wheel_problems(version: str, inside: Collection[str], kept: Collection[str]) -> list[str]:
    """Return how a wheel's files differ from those of the package in the repository."""
    info = f"kouling-{version}.dist-info/"
    package = {name for name in inside if not name.startswith(info)}
    needed = {f"{info}METADATA", *(f"{info}licenses/{name}" for name in licences)}
    return [
        *(f"the wheel lacks {name}." for name in sorted(set(kept) - package)),
        *(f"the wheel lacks {name}." for name in sorted(needed - set(inside))),
        *(f"the wheel has {name}, which is not kept." for name in sorted(package - set(kept))),
    ]


def archive_problems(version: str, inside: Collection[str], kept: Collection[str]) -> list[str]:
    """Return which kept files a source archive lacks."""
    names = {name.removeprefix(f"kouling-{version}/") for name in inside}
    return [f"the source archive lacks {name}." for name in sorted(set(kept) - names)]


# What is looked at.


def has_clean_tree(_version: str) -> list[str]:
    """Nothing may be released that is not in the repository."""
    changed = _output("git", "status", "--porcelain").splitlines()
    return [f"{line[3:]} is not committed." for line in changed]


def has_matching_versions(version: str) -> list[str]:
    """The project, the changelog and the command line name one version, which has no tag yet."""
    told = version_problems(version, _text("pyproject.toml"), _text("CHANGELOG.md"))
    if _output("git", "tag", "--list", f"v{version}"):
        told.append(f"there is a tag v{version} already.")
    return told


def has_compiled_fragments(_version: str) -> list[str]:
    """Every change stands in the section of the version."""
    return fragment_problems([file.name for file in waiting()], _text("CHANGELOG.md"))


def has_fresh_locks(_version: str) -> list[str]:
    """Locking again changes nothing."""
    before = {name: _text(name) for name in locks}
    try:
        told = _failure("make", "lock")
        stale = [name for name in locks if _text(name) != before[name]]
    finally:
        for name, text in before.items():
            (root / name).write_text(text, "utf-8")
    return told + [f"{name} is not fresh; run make lock and commit it." for name in stale]


def passes_checks(_version: str) -> list[str]:
    """What must pass on every commit passes."""
    return [problem for name in ("check", "test") for problem in _failure("make", name)]


def is_built(version: str) -> list[str]:
    """The wheel holds the package and nothing else, the source archive all that is kept."""
    for old in target.glob(f"kouling-{version}*"):
        old.unlink()
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist")
    if told := _failure(*command, "-d", str(target)):
        return told
    wheel = target / f"kouling-{version}-py3-none-any.whl"
    archive = target / f"kouling-{version}.tar.gz"
    missing = [f"{file.name} was not built." for file in (wheel, archive) if not file.exists()]
    if missing:
        return missing
    kept = _output("git", "ls-files").splitlines()
    package = [name for name in kept if name.startswith("kouling/")]
    with zipfile.ZipFile(wheel) as files:
        told = wheel_problems(version, [n for n in files.namelist() if n[-1] != "/"], package)
    with tarfile.open(archive) as source:
        told += archive_problems(
            version, source.getnames(), [*package, "pyproject.toml", *licences]
        )
    return told


steps: dict[str, Check] = {
    "clean tree": has_clean_tree,
    "one version": has_matching_versions,
    "fragments compiled": has_compiled_fragments,
    "locks fresh": has_fresh_locks,
    "checks and tests": passes_checks,
    "wheel and source archive": is_built,
}


def problems_of(version: str) -> Iterator[str]:
    """Take all steps in turn, printing each, and yield what stands against a release."""
    for name, check in steps.items():
        found = check(version)
        print(f"{name}: {'not good' if found else 'good'}", flush=True)
        yield from found


def main() -> None:
    """Take all steps; tag where nothing stands against it and this is no dry run."""
    options = parser().parse_args()
    problems = list(problems_of(options.version))
    if problems:
        sys.exit("\n".join(f"error: {problem}" for problem in problems))
    tag = ("git", "tag", "-a", f"v{options.version}", "-m", f"Kouling {options.version}")
    if options.dry_run:
        print(f"a dry run: not done: {' '.join(tag[:4])}")
    else:
        _output(*tag)
        print(f"tagged v{options.version}; push it, and what lies in {target.name}/")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; a run is dry unless it is asked for otherwise."""
    made = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    made.add_argument("version", help="what pyproject.toml says, such as 0.1.0")
    made.add_argument("--dry-run", action=argparse.BooleanOptionalAction, default=True)
    return made


def _text(name: str) -> str:
    return (root / name).read_text("utf-8")


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.rstrip("\n")


def _failure(*command: str) -> list[str]:
    """Run a command, whose words go to the terminal, and say so if it fails."""
    status = subprocess.run(command, cwd=root, check=False).returncode
    return [f"{' '.join(command)} ended with {status}."] if status else []


if __name__ == "__main__":
    main()
