"""The documentation is true: its examples run, its tables equal the code, its links lead on."""

import doctest
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import msgspec
import pytest
from rich.console import Console

import kouling
from kouling import Engine
from kouling.config import Settings, prefix
from kouling.demo import play
from kouling.gate.policy import condition
from tests.architecture.imports import LEAVES, ROOMS
from tests.conftest import fresh_postgres
from tools.build_verb_page import commands, verbs

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh.md",
    ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("docs/**/*.md")),
]
README, ARCHITECTURE = ROOT / "README.md", ROOT / "docs/architecture.md"

readme_lines_max = 150
prose_width_max = 100

POSTGRES_TARGET = "postgresql://kouling@localhost/kouling"
"""The pages write this; the tests put a real server's address in its place."""

by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


class Block(NamedTuple):
    """A fenced block: its language, the rest of the fence's line, its text and its line."""

    language: str
    label: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for found in re.finditer(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE):
        yield Block(found[1], found[2], found[3], text.count("\n", 0, found.start()) + 1)


def prose(page: Path) -> Iterator[tuple[int, str]]:
    """The lines of a page that stand in no fenced block."""
    fenced = False
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        fenced ^= line.startswith("```")
        if not fenced and not line.startswith("```"):
            yield number, line


def rows(page: Path, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = page.read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert table is not None
    lines = table[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one folder in which all pages are walked, as a reader would."""
    folder = tmp_path_factory.mktemp("walked")
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def test_no_two_pages_share_a_database_and_each_begins_anew() -> None:
    """So they can be walked in any order, and twice."""
    owners: dict[str, Path] = {}
    for page in PAGES:
        begun: set[str] = set()
        for block in blocks(page):
            begun |= set(re.findall(r"(\w+)\.db\*", block.text))
            for name in re.findall(r"Engine\.open\(\"(\w+)\.db", block.text):
                assert owners.setdefault(name, page) == page, f"{name}.db is of two pages"
                assert name in begun, f"{page.name} does not begin {name}.db anew"
    assert len(owners) > 10


@pytest.mark.parametrize("page", [README, ROOT / "docs/guides/policy.md"], ids=lambda p: p.name)
def test_a_page_can_be_walked_twice(
    page: Path, walked: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    test_the_examples_of_a_page_run(page, walked, monkeypatch, request)


@by_page
def test_the_examples_of_a_page_run(
    page: Path, walked: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(walked)
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        for block in blocks(page):
            where = f"{page.relative_to(ROOT)}:{block.line}"
            if block.label:
                Path(block.label).write_text(block.text, "utf-8")
            elif block.language == "python":
                text = with_a_real_server(block.text, request)
                run_python(text, names, where)
            elif block.language == "console":
                run_console(block.text, where)
    finally:
        for engine in [value for value in names.values() if isinstance(value, Engine)]:
            engine.close()


def with_a_real_server(text: str, request: pytest.FixtureRequest) -> str:
    if POSTGRES_TARGET not in text:
        return text
    return text.replace(POSTGRES_TARGET, fresh_postgres(request.getfixturevalue("postgres")))


def run_python(text: str, names: dict[str, Any], where: str) -> None:
    if ">>>" not in text:
        exec(compile(text, where, "exec"), names)
        return
    example = doctest.DocTestParser().get_doctest(text, names, where, where, 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    result = runner.run(example, out=report.append, clear_globs=False)
    names.update(example.globs)
    assert result.failed == 0, "".join(report)


def run_console(text: str, where: str) -> None:
    """Run each `$ command` and compare what it prints with what stands below it."""
    for found in re.finditer(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
        command, expected = found[1], found[2]
        if command == "make demo":
            expect_excerpt(expected, demo_output())
        elif not command.startswith("make "):
            expect_output(command, expected, where)


def expect_output(command: str, expected: str, where: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(prefix)}
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=environment, check=False
    )
    said = expected.splitlines()
    for line in done.stderr.splitlines():
        assert line in said, f"{where}: {command!r} also says {line!r}"
        said.remove(line)
    assert comparable(said) == comparable(done.stdout.splitlines()), f"{where}: {command!r}"


def comparable(lines: list[str]) -> list[Any]:
    """JSON, over one line or many, as values; other lines as they are."""
    text = "\n".join(lines)
    for candidate in ([text], lines):
        try:
            return [json.loads(one) for one in candidate]
        except ValueError:
            continue
    return lines


@cache
def demo_output() -> str:
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        play(Console(file=out, width=110), str(Path(folder, "demo.db")))
    return out.getvalue()


def expect_excerpt(expected: str, output: str) -> None:
    """Every line of an excerpt stands in the output, in this order; … stands for some lines."""
    lines = iter([line.rstrip() for line in output.splitlines()])
    for line in expected.splitlines():
        assert line.strip() in ("", "…") or line.rstrip() in lines, line


def test_the_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= readme_lines_max


def test_the_readme_names_commands_that_the_makefile_has() -> None:
    named = set(re.findall(r"\bmake (\w+)", README.read_text("utf-8")))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test", "check"} <= named <= targets


@by_page
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```(?:.*\n)*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE)
    links = re.findall(r"\]\(([^)\s]+)\)|<img [^>]*src=\"([^\"]+)\"", text)
    for link in filter(None, sum(links, ())):
        file, _, anchor = link.partition("#")
        if not link.startswith("https://"):
            target = (page.parent / file).resolve() if file else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    titles = [line.lstrip("# ") for _, line in prose(page) if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@by_page
def test_prose_is_narrow(page: Path) -> None:
    wide = [n for n, line in prose(page) if len(line) > prose_width_max and line[:1] != "|"]
    assert wide == []


@by_page
def test_a_page_names_no_machine_and_no_promise(page: Path) -> None:
    banned = r"/wor[k]/|/home/|/tmp/|\bcoming soon\b|\btodo\b|\btbd\b|\broadmap\b"
    assert re.findall(banned, page.read_text("utf-8").lower()) == []


@pytest.mark.parametrize("picture", sorted(ROOT.glob("docs/pictures/*")), ids=lambda p: p.name)
def test_a_picture_reads_in_light_and_dark(picture: Path) -> None:
    root = ElementTree.parse(picture).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.findtext("{http://www.w3.org/2000/svg}title")
    assert "prefers-color-scheme: dark" in picture.read_text("utf-8")


def test_every_dependency_has_a_line_that_says_what_it_earns() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.match(r"[\w.\[\]-]+", one) for one in project["dependencies"]]
    assert None not in names
    declared = {name[0] for name in names if name}
    told = {name.strip("`"): cells for name, *cells in rows(ARCHITECTURE, "Dependencies")}
    assert set(told) == declared
    assert all(len(cells) == 2 and all(cells) for cells in told.values())


def test_every_setting_has_a_line_with_its_default() -> None:
    declared = {prefix + field.name.upper(): field.default for field in fields(Settings)}
    told = {name.strip("`"): default.strip("`") for name, default, _ in settings_table()}
    assert told == {name: str(default) for name, default in declared.items()}


def fields(record: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(record)


def settings_table() -> list[list[str]]:
    return rows(ARCHITECTURE, "Settings")


def test_the_architecture_page_names_every_leaf_and_room() -> None:
    text = ARCHITECTURE.read_text("utf-8")
    assert [name for name in (*LEAVES, *ROOMS) if f"`{name}`" not in text] == []


def test_the_ledgers_rules_are_kept_by_what_the_page_says(sqlite_engine: Engine) -> None:
    with sqlite_engine._runtime.store.read() as connection:
        schema = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").all()
    known = set(re.findall(r"\w+", " ".join(f"{name} {sql}" for name, sql in schema)))
    told = {
        name
        for _, database, _ in rows(ARCHITECTURE, "The rules of the ledger")
        for name in re.findall(r"`(\w+)`", database)
    }
    assert told
    assert told - known == set()


def test_the_glossary_tells_of_every_public_name() -> None:
    words = set(re.findall(r"\w+", (ROOT / "docs/glossary.md").read_text("utf-8")))
    assert [name for name in kouling.__all__ if name not in words] == []


def test_the_policy_guide_tells_of_every_field_that_a_condition_knows() -> None:
    declared = {
        f"{owner}.{field}"
        for owner, known in (
            ("item", condition.item_fields),
            ("author", condition.author_fields),
            ("signal", condition.signal_fields),
        )
        for field in known
    }
    told = {name.strip("`") for name, *_ in rows(ROOT / "docs/guides/policy.md", "Conditions")}
    assert told == declared


@pytest.mark.parametrize("page", ["docs/glossary.md", "docs/guides/policy.md"])
def test_a_page_about_signals_tells_of_every_kind(page: str) -> None:
    code = "".join(file.read_text("utf-8") for file in ROOT.glob("kouling/gate/**/*.py"))
    kinds = set(re.findall(r'\bkind="(\w+)"', code))
    told = set(re.findall(r"\w+", (ROOT / page).read_text("utf-8")))
    assert kinds
    assert kinds - told == set()


_denials = re.compile(r"\b(?:It|Kouling) has (no [^.;:*]+)|\bThere (?:is|are) (no [^.;:*]+)")


def denied(text: str) -> set[str]:
    """What a text says that Kouling does not have, in the singular: nouns, and kinds of detectors.

    Read are sentences of the forms "It has no X and no Y" and "There are no X, Y or Z"; of a noun
    "for" somebody the noun counts, of detectors what they would be for.
    """
    found = set()
    for has, there in _denials.findall(text):
        said = re.sub(r"\bfor .*", "", re.sub("no detectors? for", "", has + there))
        parts = re.split(r",|\band\b|\bor\b", said)
        found |= {part.split()[-1].removesuffix("s") for part in parts if part.split()}
    return found


def test_no_page_denies_what_there_is() -> None:
    """The claims of pages are held against verbs, commands, detectors, rooms and public names."""
    there_is = {word for verb in verbs() for word in re.split(r"[._]", verb.name)}
    there_is |= {word for command in commands() for word in re.split(r"[ -]", command)}
    there_is |= {name.lower() for name in kouling.__all__}
    there_is |= {path.stem for path in ROOT.glob("kouling/*")}
    there_is |= {path.stem for path in ROOT.glob("kouling/gate/detectors/*.py")}
    singular = {word.removesuffix("s") for word in there_is}
    texts = [" ".join(line for _, line in prose(page)) for page in PAGES]

    assert {"console", "insult"} <= set().union(*map(denied, texts))
    assert [word for text in texts for word in denied(text) & singular] == []


def test_what_a_page_denies_is_understood() -> None:
    page = "**It has no console and no queue for reviewers.** There are no detectors for lies."

    assert denied(page) == {"console", "queue", "lie"}


def test_the_changelog_names_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] in (ROOT / "CHANGELOG.md").read_text("utf-8")
